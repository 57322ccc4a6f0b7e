// Characters that take one cell in every terminal and join with no neighbour: most of what a screen shows.

/** Letters of the western scripts, punctuation, arrows, figures, box drawing, blocks, the marks of our glyphs. */
export function isOneCell(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  if (code < 0x300) return code >= 0xa0 && code !== 0xad;
  if (code >= 0x2500 && code <= 0x25ff) return code !== 0x25fd && code !== 0x25fe;
  if (code >= 0x2190 && code <= 0x22ff) return true;
  if (code >= 0x2010 && code <= 0x2027) return true;
  if (code >= 0x2800 && code <= 0x28ff) return true;
  return (
    (code >= 0x2400 && code <= 0x2426) ||
    code === 0x203a ||
    code === 0x2713 ||
    code === 0x2715 ||
    code === 0x2717 ||
    code === 0xfffd
  );
}

/** True when every character is one cell wide and stands alone. */
export function isOneCellEach(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (!isOneCell(text.charCodeAt(index))) return false;
  return true;
}
