// The page in a real browser: it is drawn, its filter and its links work without a script, it asks the network for nothing, and no text
// of a recording runs, not even where the policy is taken out of the page.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportTo } from '../../src/app/export.ts';
import type { Fact } from '../../src/core/fact.ts';
import { recordingOf } from '../recording/fixed.ts';
import { Browser, type OpenedPage } from '../support/browser.ts';
import { Story } from '../support/story.ts';
import { HOSTILE_TEXTS, tellHostile } from './hostile-texts.ts';

const root = mkdtempSync(join(tmpdir(), 'cbscope-page-'));

async function pageOf(facts: readonly Fact[], name = 'a.ndjson'): Promise<string> {
  const folder = mkdtempSync(join(root, 'a-'));
  writeFileSync(join(folder, name), recordingOf([...facts]));
  const out = join(folder, 'out.html');
  expect(await exportTo(join(folder, name), 'html', out)).toMatchObject({ what: expect.any(String) });
  return readFileSync(out, 'utf8');
}

/** A session in which a call is throttled, a token refused, a server fails and a socket drops. */
function troubled(): Story {
  const story = new Story().up();
  story.answers('orders', { status: 429, headers: { 'x-ratelimit-limit': '30', 'retry-after': '2' } });
  story.advance(20_000);
  for (const _ of [1, 2, 3, 4]) {
    story.answers('accounts', { status: 503, body: '{"error":"unavailable","n":12345678901234567890}' });
    story.advance(1_500);
  }
  story.closes('public');
  story.advance(3_000);
  return story;
}

const pages = new Map<string, string>();
let server: Server;
let asked: string[] = [];
let isStrict = true;
let browser: Browser;

beforeAll(async () => {
  browser = new Browser();
  server = createServer((request, response) => {
    // Only a policy keeps a browser from looking for an icon, which is no wish of the page.
    if (request.url !== '/favicon.ico' || isStrict) asked.push(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(pages.get(request.url ?? '') ?? 'no such page');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}, 60_000);
afterAll(async () => {
  await browser.close();
  server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Opens a page as a server would give it: over HTTP a browser asks for whatever it can think of. */
async function opened(html: string, fragment = ''): Promise<OpenedPage> {
  const path = `/${pages.size}`;
  pages.set(path, html);
  asked = [];
  isStrict = html.includes('<meta http-equiv');
  return browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}${fragment}`);
}

const SHOWN = `[...document.querySelectorAll('.row')].filter((row) => row.checkVisibility()).length`;

describe('the page of a troubled session', () => {
  let html = '';
  let page: OpenedPage;
  beforeAll(async () => {
    html = await pageOf(troubled().facts);
    page = await opened(html);
  }, 60_000);

  it('asks for itself and for nothing else, and complains of nothing', () => {
    expect(asked).toHaveLength(1);
    expect(page.requested).toHaveLength(1);
    expect(page.complaints).toEqual([]);
  });

  it('says the verdict first, then findings with evidence, steps and fix', async () => {
    expect(await page.evaluate(`document.querySelector('h1').textContent`)).toMatch(/^[A-Z ]+$/);
    const cards = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.card')].map((card) => card.innerText)`,
    );
    expect(cards.join('\n')).toMatch(/RATE_LIMITED[\s\S]*SERVER_ERRORS|SERVER_ERRORS[\s\S]*RATE_LIMITED/);
    for (const part of ['Evidence', 'Playbook', 'Fix', 'Who settles it', 'On the wire'])
      expect(cards.some((text) => text.includes(part))).toBe(true);
  });

  it('draws charts with axes and units', async () => {
    const charts = await page.evaluate<{ wide: number; high: number; texts: string[] }[]>(
      `[...document.querySelectorAll('svg')].map((svg) => ({
        wide: svg.getBoundingClientRect().width, high: svg.getBoundingClientRect().height,
        texts: [...svg.querySelectorAll('text')].map((text) => text.textContent) }))`,
    );
    expect(charts).toHaveLength(7);
    for (const { wide, high } of charts) expect([wide > 300, high > 60]).toEqual([true, true]);
    const texts = charts.flatMap(({ texts: each }) => each);
    for (const unit of [/\/s$/, / [kM]?B\/s$/, / ms$/, / %$/, /^\d\d:\d\d:\d\d$/, /^public socket$/])
      expect(texts.some((text) => unit.test(text))).toBe(true);
  });

  it('has a filter that works by style alone', async () => {
    const told = await page.evaluate<number>(SHOWN);
    await page.evaluate(`document.querySelector('#all').click()`);
    const all = await page.evaluate<number>(SHOWN);
    await page.evaluate(`document.querySelector('#only0').click()`);
    const one = await page.evaluate<number>(SHOWN);
    expect([one > 0, one < told, told < all]).toEqual([true, true, true]);
  });

  it('opens the frame that a finding’s link leads to, as it was sent', async () => {
    const link = /href="(#f\d+)"[^>]*>[^<]*503/.exec(html)?.[1] ?? '';
    const linked = await opened(html, link);
    const text = await linked.evaluate<string>(`document.querySelector(':target').innerText`);
    expect(text).toContain('"n": 12345678901234567890');
    expect(await linked.evaluate(`document.querySelector(':target').closest('details').open`)).toBe(true);
  });

  it('looks different in the dark, and hides the filter on paper', async () => {
    const paper = `getComputedStyle(document.body).backgroundColor`;
    const looks: string[] = [];
    for (const scheme of ['light', 'dark'] as const) {
      await page.appear({ scheme });
      looks.push(await page.evaluate(paper));
    }
    await page.appear({ media: 'print', scheme: 'dark' });
    looks.push(await page.evaluate(paper));
    expect(looks).toEqual(['rgb(255, 255, 255)', 'rgb(13, 17, 23)', 'rgb(255, 255, 255)']);
    expect(await page.evaluate(`document.querySelector('fieldset').checkVisibility()`)).toBe(false);
  });
});

const RAN = `window.ran ?? document.documentElement.dataset.ran ?? 'nothing'`;
const UNWANTED = `document.querySelectorAll(
  'script,img,iframe,object,embed,link,base,form,math,foreignObject,animate,set,use,image,audio,video,template,noscript,textarea,style ~ style'
).length`;
const HANDLERS = `[...document.querySelectorAll('*')].flatMap((each) =>
  [...each.attributes].filter(({ name, value }) => /^on|^style$|^src/.test(name) || /^\\s*(javascript|data):/i.test(value) ||
    (name === 'href' && !/^#f\\d+$/.test(value)))).length`;

describe('hostile text', () => {
  it.each([
    ['under its policy', (html: string) => html],
    ['with its policy taken out', (html: string) => html.replace(/<meta http-equiv[^>]*>/, '')],
  ])('runs nothing, makes no element and asks for nothing %s', async (_, changed) => {
    const story = new Story().up({ products: HOSTILE_TEXTS });
    tellHostile(story);
    const name = `a${HOSTILE_TEXTS.join('').replace(/[/\0]/g, '').slice(0, 60)}.ndjson`;
    const page = await opened(changed(await pageOf(story.facts, name)));
    await page.evaluate(`document.querySelector('#all').click();
      for (const each of document.querySelectorAll('details')) each.open = true;
      for (const each of document.querySelectorAll('a, summary')) each.click()`);
    expect(await page.evaluate(RAN)).toBe('nothing');
    expect(await page.evaluate(UNWANTED)).toBe(0);
    expect(await page.evaluate(HANDLERS)).toBe(0);
    expect(page.complaints).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(page.requested.slice(1).filter((url) => isStrict || !url.endsWith('/favicon.ico'))).toEqual([]);
    const text = await page.evaluate<string>('document.body.innerText');
    expect(text).toContain('<img src=x onerror=window.ran=1>');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\u2028]/);
  });

  it('would be noticed: an offender runs, and asks', async () => {
    const page = await opened(`<img src=x onerror=window.ran=1><script>window.ran=1</script>`);
    expect(await page.evaluate(RAN)).toBe(1);
    expect(page.requested.length).toBeGreaterThan(1);
  });
});
