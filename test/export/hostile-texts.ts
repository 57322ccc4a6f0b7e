// Texts that try to leave the place where they stand in a page, and a story that has them wherever a recording can hold text.

import type { Story } from '../support/story.ts';

export const HOSTILE_TEXTS: string[] = [
  '</script><script>window.ran=1</script>',
  '<img src=x onerror=window.ran=1>',
  '"><svg onload=window.ran=1>',
  `' onmouseover='window.ran=1' x='`,
  '`onfocus=window.ran=1 autofocus`',
  'javascript:window.ran=1',
  '<a href="javascript:window.ran=1">x</a>',
  '</title></style></pre></textarea><script>window.ran=1</script>',
  '<style>@import url(http://127.0.0.1:1/x)</style>',
  '<svg><script>window.ran=1</script><foreignObject><iframe srcdoc="<script>parent.ran=1</script>"></iframe></foreignObject></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.ran=1&gt;">',
  '<svg><animate onbegin=window.ran=1 attributeName=x dur=1s><use href="data:image/svg+xml,<svg id=x onload=window.ran=1>#x">',
  '<base href="http://127.0.0.1:1/"><meta http-equiv=refresh content="0;url=http://127.0.0.1:1/">',
  '<link rel=stylesheet href=http://127.0.0.1:1/x><object data=http://127.0.0.1:1/x></object>',
  '--><script>window.ran=1</script><!--',
  ']]><script>window.ran=1</script>',
  '&lt;script&gt;window.ran=1&lt;/script&gt;&#60;script&#62;window.ran=1&#60;/script&#62;',
  '\u2028window.ran=1\u2029\u0000<scr\u0000ipt>window.ran=1</script>\u202e\u2066\u001b[31m',
  '\ud800<script>window.ran=1</script>\udfff+ADw-script+AD4-window.ran=1',
  `${'<img src=x onerror=window.ran=1>'.repeat(4_000)}`,
];

/** Everything that comes from elsewhere, in every place where it can stand. */
export function tellHostile(story: Story): void {
  for (const text of HOSTILE_TEXTS) {
    story.receives('public', text);
    story.receives('user', Buffer.from(text, 'utf16le'), true);
    story.receives('public', JSON.stringify({ channel: text, type: 'error', message: text, reason: text }));
    story.tell({ fact: 'frame.sent', connection: 'public', text, token: null });
    story.answers('accounts', { status: 500, body: text, headers: { [text]: text, 'cf-ray': text } });
    story.answers(text, { status: 503, body: text, url: `https://api.coinbase.com/${text}` });
    story.refuses('public', 403, text, { server: text, 'content-type': 'text/html' });
    story.tell({ fact: 'user.asked', action: 'mark', detail: text });
    story.tell({
      fact: 'probes.finished',
      reason: text,
      results: [{ name: text, target: text, result: 'fail', detail: text, tookMs: 1 }],
    });
    story.cannotConnect('user', 'dns', text, [text]);
    story.advance(500);
  }
  story.closes('public', {
    reason: HOSTILE_TEXTS[1] ?? '',
    detail: HOSTILE_TEXTS[0] ?? '',
    errorCode: HOSTILE_TEXTS[2] ?? '',
  });
  story.advance(5_000);
}
