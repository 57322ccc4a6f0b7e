// The escalation dialog: as a person sees it at 80×24 and 120×40, by keys and by paste, and what it asks of the engine.

import { render } from 'ink';
import { afterEach, describe, expect, it } from 'vitest';
import { cellWidth } from '../../src/base/text.ts';
import type { PacketPreview, PacketRequest } from '../../src/core/packet-request.ts';
import { REQUIRED } from '../../src/core/packet-request.ts';
import type { Outcome } from '../../src/engine/controls.ts';
import { makeIdentity } from '../../src/exchange/identity.ts';
import { Screen } from '../../src/ui/screen.tsx';
import { Session } from '../../src/ui/session.ts';
import { topMode } from '../../src/ui/state.ts';
import type { Terminal } from '../../src/ui/terminal.ts';
import { openFakeTerminal } from '../support/terminal.ts';
import { broken } from './fixtures/broken.ts';
import { type FakeControls, fakeControls } from './fixtures/fake-controls.ts';
import { AT } from './fixtures/healthy.ts';

const ORDER = '7b1d0f3a-4c52-4d8e-9a61-0c1b2a394857';

const preview: PacketPreview = {
  category: '5xx',
  fields: [
    { name: REQUIRED.key, value: 'organizations/0aa1b2c3-1111/apiKeys/2b1f0c9d-7777' },
    { name: REQUIRED.order, value: null, none: 'not about an order' },
    { name: REQUIRED.product, value: 'BTC-USD' },
    { name: REQUIRED.timestamp, value: '2026-11-22T20:14:06.489Z' },
    { name: REQUIRED.response, value: '{"error":"INTERNAL"}' },
  ],
  missing: [],
  markdown: `# T2: GET /products answers 500\n\n${Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')}\n`,
  removed: '3 token signatures, 1 cookie',
  candidates: {
    order: [
      { request: { orderId: ORDER, productId: 'ETH-USD' }, label: `${ORDER}  BUY ETH-USD  REST OPEN` },
      { request: { orderId: 'other' }, label: 'other  SELL BTC-USD' },
    ],
    product: [{ request: { productId: 'BTC-USD' }, label: 'BTC-USD' }],
    at: [{ request: { at: AT }, label: 'last seen' }],
    body: [{ request: { responseSeq: 42, at: AT }, label: '20:14:06.489  GET /products 500' }],
  },
  caution: null,
};

const terminal = (columns: number, rows: number): Terminal =>
  ({ size: () => ({ columns, rows }), insideTmux: false, write: () => undefined }) as unknown as Terminal;

interface Sitting {
  session: Session;
  controls: FakeControls;
  keys(...names: string[]): Promise<void>;
  screen(): Promise<string[]>;
}

const NAMES: Record<string, object> = {
  down: { downArrow: true },
  up: { upArrow: true },
  right: { rightArrow: true },
  left: { leftArrow: true },
  enter: { return: true },
  esc: { escape: true },
  pgdn: { pageDown: true },
  pgup: { pageUp: true },
  backspace: { backspace: true },
};

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

async function sit(columns: number, rows: number, shown: Partial<PacketPreview> = {}): Promise<Sitting> {
  const answer: Outcome = { ok: true, message: '', preview: { ...preview, ...shown } };
  const written: Outcome = { ok: true, message: 'packet written', path: '/tmp/packet', markdown: '# T2' };
  const controls = fakeControls(null, { 'escalate-preview': answer, escalate: written });
  const session = new Session({
    controls,
    terminal: terminal(columns, rows),
    look: { ascii: false, color: false },
    drill: null,
    now: () => AT,
    show: () => undefined,
    quit: () => undefined,
    suspend: () => undefined,
    nextDrill: () => undefined,
  });
  session.receive(broken);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    session,
    controls,
    async keys(...names) {
      for (const name of names) {
        const key = NAMES[name];
        session.press(key === undefined ? name : '', (key ?? {}) as never, async () => ({
          resume: async () => undefined,
        }));
        await settle();
      }
    },
    async screen() {
      const fake = openFakeTerminal(columns, rows);
      const size = { columns, rows };
      const app = render(<Screen snapshot={broken} state={session.state} now={AT} size={size} />, {
        stdout: fake.stdout,
        stdin: fake.stdin,
        interactive: true,
        patchConsole: false,
      });
      ended.push(() => app.unmount());
      await fake.settle();
      return fake.rows();
    },
  };
}

const requests = (controls: FakeControls): PacketRequest[] =>
  controls.asked.flatMap((act) => (act.action === 'escalate' ? [act.request ?? {}] : []));

describe('the dialog', () => {
  it.each([
    [80, 24],
    [120, 40],
  ])('shows every field, what goes, and the packet at %i×%i', async (columns, rows) => {
    const { keys, screen } = await sit(columns, rows);
    await keys('e', 'down', 'down');
    const seen = await screen();
    if (process.env['SHOW'] !== undefined) process.stdout.write(`${seen.join('\n')}\n`);
    const text = seen.join('\n');
    for (const part of ['Category', 'API key id', '› Order id', 'none: not about an order', 'Note', 'Pseudonyms'])
      expect(text).toContain(part);
    expect(text).toContain('3 token signatures, 1 cookie');
    expect(text).toContain('# T2: GET /products answers 500');
    expect(text).toContain('of 2 seen');
    for (const line of seen) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('makes room for the packet while its pages are turned, and comes back', async () => {
    const { keys, screen } = await sit(80, 24);
    await keys('e', 'pgdn');
    const reading = (await screen()).join('\n');
    expect(reading).not.toContain('Order id');
    expect(reading).toMatch(/lines \d+–\d+ of 42/);
    await keys('pgup', 'pgup', 'pgup');
    expect((await screen()).join('\n')).toContain('Order id');
    expect((await screen()).at(-1)).toContain('Enter write');
  });

  it('chooses what was seen, types over it, and takes it back', async () => {
    const { keys, session, controls } = await sit(80, 24);
    await keys('e', 'down', 'down', 'right', 'enter');
    expect(requests(controls)).toEqual([{ orderId: ORDER, productId: 'ETH-USD' }]);
    await keys('enter', 'e', 'down', 'down', 'a', 'b', 'c', 'backspace', 'enter');
    expect(requests(controls).at(-1)).toEqual({ orderId: 'ab' });
    expect(topMode(session.state).mode).toBe('message');
  });

  it('takes a whole error body by paste, and one line of everything else', async () => {
    const { keys, session, controls } = await sit(80, 24);
    await keys('e', 'up', 'up');
    session.paste('first\r\nsecond');
    await keys('up', 'up');
    session.paste('{\n  "error": "INTERNAL"\n}');
    await keys('enter');
    expect(requests(controls)).toEqual([{ note: 'first second', body: '{\n  "error": "INTERNAL"\n}' }]);
  });

  it('changes the category and asks for tokens in place of ids', async () => {
    const { keys, controls } = await sit(80, 24);
    await keys('e', 'right', 'up', 'right', 'enter');
    expect(requests(controls)).toEqual([{ category: 'other', pseudonymise: true }]);
  });

  it('leaves no trace on Esc, and keys that act elsewhere are only typed', async () => {
    const { keys, session, controls } = await sit(80, 24);
    await keys('e', 'up', 'up', 'q', 'E', 'r', 'esc');
    expect(topMode(session.state).mode).toBe('panes');
    expect(new Set(controls.asked.map(({ action }) => action))).toEqual(new Set(['escalate-preview']));
  });

  it.each([
    ['a case for T1', { caution: 'RATE_LIMITED is for T1: it is the customer’s own configuration.' }],
    ['a missing field', { missing: [REQUIRED.order] }],
  ])('asks once more about %s', async (_, shown) => {
    const { keys, controls, screen } = await sit(80, 24, shown);
    await keys('e', 'enter');
    expect(requests(controls)).toEqual([]);
    expect((await screen()).join('\n')).toContain('Enter again writes it all the same.');
    await keys('enter');
    expect(requests(controls)).toEqual([{}]);
  });

  it('says that a typed time is none before it writes', async () => {
    const { keys, controls, session } = await sit(80, 24);
    await keys('e', 'down', 'down', 'down', 'down');
    session.paste('yesterday');
    await keys('enter');
    expect(requests(controls)).toEqual([]);
    await keys(...'yesterday'.split('').map(() => 'backspace'));
    session.paste('2026-11-22 20:14:06');
    await keys('enter');
    expect(requests(controls)).toEqual([{ at: Date.UTC(2026, 10, 22, 20, 14, 6) }]);
  });

  it('keeps what was chosen though newer answers come before it', async () => {
    const { keys, session, controls, screen } = await sit(80, 24);
    await keys('e', 'down', 'down', 'down', 'down', 'down', 'right');
    const newer = { request: { responseSeq: 99, at: AT + 5_000 }, label: '20:14:11.489  GET /products 502' };
    controls.answer('escalate-preview', {
      ok: true,
      message: '',
      preview: { ...preview, candidates: { ...preview.candidates, body: [newer] } },
    });
    await keys('down', 'down', 'x', 'up', 'up');
    const seen = (await screen()).join('\n');
    expect(seen).toContain('› 20:14:06.489  GET /products 500');
    expect(seen).toContain('20:14:11.489  GET /products 502');
    await keys('enter');
    expect(requests(controls)).toEqual([{ responseSeq: 42, at: AT, note: 'x' }]);
    expect(topMode(session.state).mode).toBe('message');
  });

  it('says what it is about and who settles that', async () => {
    const { keys, screen } = await sit(80, 24);
    await keys('e');
    const seen = await screen();
    const about = broken.findings.find(({ code }) => seen.some((line) => line.includes(`${code}  T`)));
    expect(about).toBeDefined();
    expect(seen.join('\n')).toMatch(/(?:T1|T2 \(\w+\)): \w/);
  });

  it('masks ids in what was seen, too, when privacy is asked for', async () => {
    const { keys, session, screen } = await sit(120, 40);
    await keys('p', 'e', 'down', 'down', 'right');
    expect(session.state.privacy).toBe(true);
    expect((await screen()).join('\n')).not.toContain(ORDER.slice(0, 8));
  });

  it('keeps a key that was pasted by mistake from the screen, and hands all of it on to be taken out', async () => {
    const { keys, session, controls, screen } = await sit(120, 40);
    const { es256, ed25519 } = makeIdentity().keys;
    await keys('e', 'up', 'up');
    for (const secret of [es256.secret, es256.pkcs8.replace(/-----[^-]*-----|\s/g, ''), ed25519.secret]) {
      session.paste(`my key is ${secret}`);
      const seen = (await screen()).join('\n');
      expect(seen).toContain('[private key removed]');
      for (const line of secret.split('\n').filter((each) => each.length > 24 && !each.startsWith('---')))
        expect(seen).not.toContain(line.slice(0, 16));
    }
    await keys('enter');
    expect(requests(controls)[0]?.note).toContain(ed25519.secret);
  });
});
