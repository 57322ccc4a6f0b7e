// A source text without its comments and the insides of its strings, so that a check sees code and nothing else. Positions stay.

const COMMENT_LINE = /\/\/[^\n]*/y;
const COMMENT_BLOCK = /\/\*[\s\S]*?\*\//y;
const QUOTED = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const TEMPLATE_PART = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** What stands before a `/` that begins a regular expression rather than a division. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+<>~%^-]|\breturn|\bcase|\btypeof)\s*$/;

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}

function matchAt(pattern: RegExp, text: string, index: number): string {
  pattern.lastIndex = index;
  return pattern.exec(text)?.[0] ?? '';
}

/** What to blank at this place when it is no code: a comment, a quoted text, a regular expression; else nothing. */
function notCodeAt(text: string, index: number, before: string): string {
  const character = text[index];
  if (character === '/') {
    const comment = matchAt(COMMENT_LINE, text, index) || matchAt(COMMENT_BLOCK, text, index);
    if (comment !== '') return comment;
    return BEFORE_REGEX.test(before.slice(-40)) ? matchAt(REGEX, text, index) : '';
  }
  return character === "'" || character === '"' ? matchAt(QUOTED, text, index) : '';
}

/** The text with comments, strings and regular expressions blanked out; the code inside `${…}` of a template stays. */
export function codeOnly(text: string): string {
  let out = '';
  /** How many braces are open inside each template that is open. */
  const braces: number[] = [];
  const template = (index: number): number => {
    const part = matchAt(TEMPLATE_PART, text, index);
    const end = text.startsWith('${', index + part.length) ? 2 : 1;
    if (end === 2) braces.push(0);
    out += blank(text.slice(index, index + part.length + end));
    return index + part.length + end;
  };
  for (let index = 0; index < text.length; ) {
    const skipped = notCodeAt(text, index, out);
    const character = text[index] ?? '';
    if (skipped !== '') {
      out += blank(skipped);
      index += skipped.length;
      continue;
    }
    const depth = braces.at(-1);
    if (character === '`') {
      out += ' ';
      index = template(index + 1);
    } else if (character === '}' && depth === 0) {
      braces.pop();
      out += ' ';
      index = template(index + 1);
    } else {
      if (depth !== undefined && character === '{') braces[braces.length - 1] = depth + 1;
      if (depth !== undefined && character === '}') braces[braces.length - 1] = depth - 1;
      out += character;
      index += 1;
    }
  }
  return out;
}
