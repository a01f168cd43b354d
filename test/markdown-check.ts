/** What a reader of GitHub-flavoured Markdown would see: links, HTML, and text that GitHub would turn into something. */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

const OWN_TAGS = new Set(
  'a b blockquote br code del details em h2 h3 hr li ol p pre strong sub summary table tbody td th thead tr ul'.split(
    ' ',
  ),
)

export interface Forged {
  /** Addresses that a link leads to, but for those of this project's own runs. */
  readonly links: readonly string[]
  /** Tags that the report has no use for. */
  readonly tags: readonly string[]
  /** Mentions and references in text that is not code. */
  readonly references: readonly string[]
}

/** @param ownLinks how addresses begin that the report means to link */
export function findForged(markdown: string, ownLinks: readonly string[]): Forged {
  const html = micromark(markdown, {
    allowDangerousHtml: true,
    allowDangerousProtocol: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
  const withoutComments = html.replace(/<!--[\s\S]*?-->/g, '')
  const links = [...withoutComments.matchAll(/<[a-zA-Z][^>]*?\b(?:href|src)\s*=\s*"?([^"\s>]*)/gi)].map(
    ([, address]) => address,
  )
  const tags = [...withoutComments.matchAll(/<\/?([a-zA-Z][\w-]*)/g)].map(([, tag]) => tag.toLowerCase())
  const text = withoutComments.replace(/<(pre|code)[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ')
  return {
    links: links.filter((address) => !ownLinks.some((own) => address.startsWith(own))),
    tags: tags.filter((tag) => !OWN_TAGS.has(tag)),
    references: text.match(/(?<![\w.])@\w[\w-]*|(?<!&)#\d+|\bGH-\d+|https?:\/\/\S+|\bwww\.\S+/gi) ?? [],
  }
}
