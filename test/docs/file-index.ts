// Every source file in one line: what it says of itself in its first sentence.

import type { Source } from '../tidy/sources.ts';

/** The first sentence of a file's opening comment, without its end. */
export function firstSentence(text: string): string {
  const lines = text.split('\n');
  const opening = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('//')),
  );
  const comment = opening.map((line) => line.replace(/^\/\/ ?/, '')).join(' ');
  return /^.*?[.:](?=\s+[A-Z]|$)/.exec(comment)?.[0].replace(/[.:]$/, '') ?? comment;
}

/** The index by folder, as Markdown. */
export function fileIndex(sources: readonly Source[]): string {
  const folders = [...new Set(sources.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))];
  return folders
    .map((folder) => {
      const files = sources.filter(({ path }) => path.slice(0, path.lastIndexOf('/')) === folder);
      const rows = files.map(({ path, text }) => `- \`${path.slice(folder.length + 1)}\` ${firstSentence(text)}`);
      return `**\`${folder}/\`**\n\n${rows.join('\n')}`;
    })
    .join('\n\n');
}
