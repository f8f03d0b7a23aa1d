/** Letters of the picture, 5 pixels wide and 7 high, a row a word; all that the picture writes. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  A: [' ### ', '#   #', '#   #', '#####', '#   #', '#   #', '#   #'],
  I: [' ### ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', ' ### '],
  L: ['#    ', '#    ', '#    ', '#    ', '#    ', '#    ', '#####'],
  P: ['#### ', '#   #', '#   #', '#### ', '#    ', '#    ', '#    '],
  R: ['#### ', '#   #', '#   #', '#### ', '# #  ', '#  # ', '#   #'],
  S: [' ####', '#    ', '#    ', ' ### ', '    #', '    #', '#### '],
  a: ['     ', '     ', ' ### ', '    #', ' ####', '#   #', ' ####'],
  e: ['     ', '     ', ' ### ', '#   #', '#####', '#    ', ' ### '],
  h: ['#    ', '#    ', '#### ', '#   #', '#   #', '#   #', '#   #'],
  i: ['  #  ', '     ', ' ##  ', '  #  ', '  #  ', '  #  ', ' ### '],
  l: [' ##  ', '  #  ', '  #  ', '  #  ', '  #  ', '  #  ', ' ### '],
  n: ['     ', '     ', '#### ', '#   #', '#   #', '#   #', '#   #'],
  p: ['     ', '     ', '#### ', '#   #', '#### ', '#    ', '#    '],
  r: ['     ', '     ', '# ## ', '##  #', '#    ', '#    ', '#    '],
  s: ['     ', '     ', ' ####', '#    ', ' ### ', '    #', '#### '],
  w: ['     ', '     ', '#   #', '#   #', '# # #', '# # #', ' # # '],
  m: ['     ', '     ', '## # ', '# # #', '# # #', '# # #', '# # #'],
  '.': ['     ', '     ', '     ', '     ', '     ', ' ##  ', ' ##  '],
  '0': [' ### ', '#   #', '#  ##', '# # #', '##  #', '#   #', ' ### '],
  '1': ['  #  ', ' ##  ', '  #  ', '  #  ', '  #  ', '  #  ', ' ### '],
  '2': [' ### ', '#   #', '    #', '   # ', '  #  ', ' #   ', '#####'],
  '5': ['#####', '#    ', '#### ', '    #', '    #', '#   #', ' ### '],
  ' ': ['     ', '     ', '     ', '     ', '     ', '     ', '     '],
};

export const GLYPH_WIDTH = 5;
export const GLYPH_HEIGHT = 7;

/** The places of `text` that are ink, from its upper left corner, one pixel apart between letters. */
export function* inkOf(text: string): Generator<readonly [x: number, y: number]> {
  for (const [position, letter] of [...text].entries()) {
    const rows = GLYPHS[letter];
    if (rows === undefined) throw new Error(`the picture's font has no "${letter}"`);
    for (const [y, row] of rows.entries()) {
      for (let x = 0; x < GLYPH_WIDTH; x++) {
        if (row[x] === '#') yield [position * (GLYPH_WIDTH + 1) + x, y];
      }
    }
  }
}

/** Width of `text` in pixels of the font. */
export function widthOf(text: string): number {
  return text.length * (GLYPH_WIDTH + 1) - 1;
}
