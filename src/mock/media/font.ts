// A 5x8 bitmap font for printable ASCII, drawn for Mimus. One character of base 32 is one row of
// five pixels (highest bit left), eight rows a glyph, the last row for descenders.

const glyphs =
  '0000000044444040aaa00000aavavaa04fke5u40op248j30cik8lid044800000' +
  '248884208422248004lel400044v44000000c480000v000000000cc001248g00' +
  'ehjlphe04c4444e0eh1248v0v2421he026aiv220vgu11he068guhhe0v1248880' +
  'ehhehhe0ehhf12c00cc0cc000cc0c480248g842000v0v00084212480eh124040' +
  'eh1dlle0ehhvhhh0uhhuhhu0ehggghe0sihhhis0vgguggv0vgguggg0ehgnhhf0' +
  'hhhvhhh0e44444e072222ic0hikokih0ggggggv0hrllhhh0hhpljhh0ehhhhhe0' +
  'uhhuggg0ehhhlid0uhhukih0fgge11u0v4444440hhhhhhe0hhhhha40hhhllla0' +
  'hha4ahh0hhha4440v1248gv0e88888e00g842100e22222e04ah00000000000v0' +
  '8420000000e1fhf0ggmphhu000egghe011djhhf000ehvge0698s888000fhhf1e' +
  'ggmphhh040c444e0206222icggikoki0c44444e000qllhh000mphhh000ehhhe0' +
  '00uhhugg00fhhf1100mpggg000fge1u088s8896000hhhjd000hhha4000hhlla0' +
  '00ha4ah000hhhf1e00v248v0244844204444444084424480008l2000vhhhhhv0'

const boxCode = 127
const spellings: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '×': 'x',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  '\u00a0': ' ',
}

/** Columns and rows a character takes, with the space after it. */
export const cell = { width: 6, height: 10 } as const

/** The eight rows of a glyph, five bits each, highest bit left; a box for what is not ASCII. */
export const glyphRows = (character: string): number[] => {
  const code = character.charCodeAt(0)
  const index = (code >= 32 && code < 127 ? code : boxCode) - 32
  return Array.from(glyphs.slice(index * 8, index * 8 + 8), (row) => Number.parseInt(row, 32))
}

/** Text in drawable characters: accents dropped, typographic signs spelled out, the rest a box. */
export const transliterate = (text: string): string =>
  text
    .replace(/[‘’“”–—…×ßæÆøØłŁ\u00a0]/g, (sign) => spellings[sign] ?? sign)
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, String.fromCharCode(boxCode))
    .trim()
