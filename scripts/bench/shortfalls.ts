/** Why an aim may be missed: printed on the board for as long as it is. `about` is a part of the aim's name. */
export const SHORTFALLS: readonly { readonly about: string; readonly reason: string }[] = [
  {
    about: 'Whole job, 50,000 rows with charts: time',
    reason:
      'Whole job: the notebook spends nearly half of its time on importing its libraries and the rest in compiled code; it judges 16 slices where ours judges every value and pair of values, and draws four charts where ours draws five twice (SVG and PNG, the latter by WebAssembly).',
  },
  {
    about: 'peak memory',
    reason:
      'Memory: a JavaScript engine grows its heap before it collects, and holds the compiled libraries beside it; the columns themselves are about 45 bytes a row.',
  },
  {
    about: 'CSV: reading',
    reason:
      'Reading CSV: pandas reads with a tokenizer in C into columns whose types are told beforehand; ours tells the format, the columns, their units and the routes from the content, and says of each rejected line why.',
  },
  {
    about: 'features',
    reason:
      'Features: the notebook counts by one pair of dimensions, ours by each of five dimensions and their pairs, and judges each row by the usual latency of its own endpoint.',
  },
  {
    about: 'total',
    reason:
      'Total of large logs: what the forest over every row costs the notebook, the tests over all slices, intervals and pairs cost ours.',
  },
  {
    about: 'Marginal cost',
    reason: 'Growth: windows and slices that pass their minimum come with more rows; see the marginal cost by stage.',
  },
]
