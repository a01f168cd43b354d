/** Files of well-known tools that tell of no single request, and what to ask the tool for instead. */
const KINDS: readonly { readonly signs: readonly RegExp[]; readonly message: string }[] = [
  {
    // https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/
    signs: [
      /^\s*\{/,
      /"metrics"\s*:\s*\{/,
      /"(?:http_reqs|http_req_\w+|iterations?|iteration_duration|vus|vus_max|data_(?:sent|received))"\s*:\s*\{/,
    ],
    message:
      'is a summary of a k6 test, sums without requests; write the requests with k6 run --out json=FILE (or --out csv=FILE)',
  },
  {
    signs: [/^\s*"?Timestamp"?,"?User Count"?,"?Type"?,"?Name"?,"?Requests\/s"?/],
    message:
      'is the history of a Locust test (--csv), sums without requests; write the requests with a listener of events.request, see docs/FORMATS.md',
  },
  {
    signs: [/^\s*"?(?:Type|Method)"?,"?Name"?,"?(?:# requests|Request Count|# failures|Error|# occurrences)"?/i],
    message:
      'holds the statistics of a Locust test (--csv), sums without requests; write the requests with a listener of events.request, see docs/FORMATS.md',
  },
  {
    // https://www.artillery.io/docs/reference/cli/run
    signs: [/^\s*\{/, /"aggregate"\s*:\s*\{/, /"(?:counters|scenariosCreated|requestsCompleted|rates)"\s*:/],
    message:
      'is the report of an Artillery test (--output), sums without requests; write the requests from an afterResponse hook, see docs/FORMATS.md',
  },
  {
    // https://jmeter.apache.org/usermanual/component_reference.html#Aggregate_Report
    signs: [/^\s*"?(?:sampler_label|Label)"?,"?(?:aggregate_report_count|# Samples|count)"?,"?(?:average|Average)"?/i],
    message: 'is an aggregate report of JMeter, sums without requests; write the requests with jmeter -l results.jtl',
  },
  {
    // https://jmeter.apache.org/usermanual/generating-dashboard.html
    signs: [/^\s*\{/, /"transaction"\s*:/, /"sampleCount"\s*:/, /"meanResTime"\s*:/],
    message:
      "holds the statistics of JMeter's dashboard, sums without requests; write the requests with jmeter -l results.jtl",
  },
  {
    signs: [/^\s*\{\s*"resource_?logs"\s*:/i],
    message: 'holds OpenTelemetry logs, not traces; export the traces, whose HTTP server spans are the requests',
  },
  {
    signs: [/^\s*\{\s*"resource_?metrics"\s*:/i],
    message: 'holds OpenTelemetry metrics, not traces; export the traces, whose HTTP server spans are the requests',
  },
]

/** What a file is that begins like this and tells of no requests, and how to get them; null for any other file. */
export function explainNoRequests(head: string): string | null {
  return KINDS.find(({ signs }) => signs.every((sign) => sign.test(head)))?.message ?? null
}
