import { describe, expect, test } from 'bun:test'
import { resolveReferences, XmlScanner } from './xml.ts'

function scan(text: string, size: number): { events: string[]; isCut: boolean } {
  const events: string[] = []
  let pending = ''
  const flush = () => {
    if (pending !== '') events.push(`text ${resolveReferences(pending)}`)
    pending = ''
  }
  const scanner = new XmlScanner({
    onOpen(name, attributes, line) {
      flush()
      events.push(`${line} <${name} ${JSON.stringify([...(attributes ?? [])])}`)
    },
    onClose(name) {
      flush()
      events.push(`>${name}`)
    },
    onText(piece) {
      pending += piece
    },
  })
  for (let at = 0; at < text.length; at += size) scanner.push(text.slice(at, at + size))
  const isCut = scanner.finish()
  flush()
  return { events, isCut }
}

describe('XmlScanner', () => {
  test('tells tags, attributes and texts apart, in chunks of any size', () => {
    const text = `<?xml version="1.0"?><!-- <a> -- > --><a x='1 > 2' y = "&lt;&#65;&#x42;&lol;">t&amp;u
<![CDATA[<b>&amp;]]]]>!<!-- --><b/></a>`
    const events = ['1 <a [["x","1 > 2"],["y","<AB&lol;"]]', 'text t&u\n<b>&amp;]]!', '2 <b []', '>b', '>a']
    for (const size of [1, 2, 3, 7, 1_000]) expect(scan(text, size)).toEqual({ events, isCut: false })
  })

  test.each(['<a', '<a x="', '<!-- ', '<a><![CDATA[x', '<!', '</a'])('says that %s is cut', (cut) => {
    expect(scan(cut, 3).isCut).toBe(true)
  })

  test('refuses a document type, so that no entity is expanded', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    for (const size of [1, 5, 100]) expect(() => scan(bomb, size)).toThrow('must not have a document type')
  })

  test('resolves nothing but the five entities and numbers', () => {
    expect(resolveReferences('&quot;&apos;&gt;&amp;lt;&#0;&#xFFFFFF;&nbsp;&')).toBe('"\'>&lt;\uFFFD\uFFFD&nbsp;&')
  })
})
