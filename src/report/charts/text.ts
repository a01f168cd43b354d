/** Log text in charts: harmless, and cut to its place. */
import { truncate, visible } from '../escape.ts'

/** The text without anything invisible (XML forbids most of it, fonts draw none), at most so many code points long. */
export function chartText(text: string, maxLength: number): string {
  return truncate(visible(text.replace(/\p{Cc}+/gu, ' ')), maxLength)
}

/** The same by width. */
export function fitText(text: string, width: number, fontSize: number): string {
  const characters = Array.from(chartText(text, 300))
  const whole = characters.join('')
  if (textWidth(whole, fontSize) <= width) return whole
  while (characters.length > 1) {
    characters.pop()
    const cut = `${characters.join('')}…`
    if (textWidth(cut, fontSize) <= width) return cut
  }
  return '…'
}

/** The width of a text in Roboto; as good as exact for ASCII, not too small for the rest. */
export function textWidth(text: string, fontSize: number): number {
  let units = 0
  for (const character of text) units += advanceOf(character)
  return (fontSize * units) / UNITS_PER_EM
}

/** Roboto's, which lengths below are in. */
const UNITS_PER_EM = 2048
/** How far each character from the blank to `~` moves the pen: 95 numbers, so that drawing needs no font. */
const ASCII = [
  508, 528, 656, 1261, 1151, 1500, 1274, 358, 701, 713, 882, 1162, 403, 566, 540, 845, 1151, 1151, 1151, 1151, 1151,
  1151, 1151, 1151, 1151, 1151, 496, 433, 1041, 1124, 1071, 968, 1839, 1336, 1276, 1333, 1344, 1164, 1132, 1395, 1461,
  557, 1130, 1285, 1103, 1788, 1461, 1409, 1292, 1409, 1262, 1216, 1222, 1328, 1304, 1817, 1284, 1230, 1227, 543, 841,
  543, 856, 924, 633, 1114, 1150, 1072, 1155, 1086, 712, 1150, 1128, 498, 490, 1038, 498, 1796, 1131, 1168, 1150, 1164,
  694, 1057, 670, 1129, 992, 1539, 1016, 969, 1016, 693, 500, 693, 1393,
]
/** What our own words use beside. */
const OTHERS: ReadonlyMap<string, number> = new Map([
  ['·', 535],
  ['…', 1370],
  ['–', 1344],
  ['−', 1171],
  ['×', 1093],
  ['µ', 1161],
])
/** Most letters of Latin, Greek and Cyrillic are narrower. */
const LETTER = 1400
/** Other fonts stand in beyond those, with signs as wide as they are high. */
const FIRST_OF_OTHER_FONTS = 0x1100

function advanceOf(character: string): number {
  const code = character.codePointAt(0) ?? 0
  return ASCII[code - 32] ?? OTHERS.get(character) ?? (code < FIRST_OF_OTHER_FONTS ? LETTER : UNITS_PER_EM)
}
