// A real headless Chromium, driven over its debugging pipe: opens an address, tells what was requested, and evaluates in the page.
// It is Debian's package; where there is none, the sentence says what to install.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

type Json = Record<string, unknown>;

interface Waiting {
  resolve(result: Json): void;
  reject(error: Error): void;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
  '--window-size=1200,900',
];

function isThere(name: string): boolean {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function browserPath(): string {
  const named = process.env['CHROMIUM'];
  const found = (named === undefined ? NAMES : [named]).find(isThere);
  if (found !== undefined) return found;
  throw new Error(
    `no Chromium was found (looked for ${named ?? NAMES.join(', ')}); install it with: apt-get install chromium, or name it in CHROMIUM`,
  );
}

/** A browser that does not end by itself is ended. */
const CLOSING_MS_MAX = 5_000;

/** A page that was opened, with everything it asked the network for and everything it complained of. */
export interface OpenedPage {
  /** URLs of all requests, the page's own first. */
  requested: string[];
  /** Dialogs, exceptions, and what its policy blocked. */
  complaints: string[];
  /** The value of an expression in the page. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** As a browser with this preference or on paper. */
  appear(look: { scheme?: 'light' | 'dark'; media?: 'screen' | 'print' }): Promise<void>;
  close(): Promise<void>;
}

export class Browser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (method: string, params: Json) => void>();
  #id = 0;
  #rest = '';

  constructor() {
    this.#profile = mkdtempSync(join(tmpdir(), 'cbscope-chromium-'));
    // Chromium refuses to sandbox root, which is what a container runs as.
    const own = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const args = [...FLAGS, ...own, `--user-data-dir=${this.#profile}`, 'about:blank'];
    this.#child = spawn(browserPath(), args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#take(text));
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Chromium ended before it answered'));
    });
  }

  async open(url: string): Promise<OpenedPage> {
    const target = await this.#send('Target.createTarget', { url: 'about:blank' });
    const { targetId } = target as { targetId: string };
    const attached = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    const { sessionId } = attached as { sessionId: string };
    const send = (method: string, params: Json = {}): Promise<Json> => this.#send(method, params, sessionId);
    const requested: string[] = [];
    const complaints: string[] = [];
    const loaded = new Promise<void>((resolve) => {
      this.#listeners.set(sessionId, (method, params) => {
        if (method === 'Page.loadEventFired') resolve();
        if (method === 'Network.requestWillBeSent') requested.push((params['request'] as { url: string }).url);
        if (/^(Page\.javascriptDialogOpening|Runtime\.exceptionThrown|Log\.entryAdded)$/.test(method))
          complaints.push(JSON.stringify(params));
      });
    });
    for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await send(`${domain}.enable`);
    await send('Page.navigate', { url });
    await loaded;
    return {
      requested,
      complaints,
      evaluate: async <Value>(expression: string): Promise<Value> => {
        const answer = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
        if (answer['exceptionDetails'] !== undefined) throw new Error(JSON.stringify(answer['exceptionDetails']));
        return (answer['result'] as { value: Value }).value;
      },
      appear: async ({ scheme = 'light', media = 'screen' }) => {
        await send('Emulation.setEmulatedMedia', {
          media,
          features: [{ name: 'prefers-color-scheme', value: scheme }],
        });
      },
      close: async () => void (await this.#send('Target.closeTarget', { targetId })),
    };
  }

  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    void this.#send('Browser.close').catch(() => undefined);
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), CLOSING_MS_MAX);
    await ended;
    clearTimeout(kill);
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    this.#id += 1;
    const id = this.#id;
    const answer = new Promise<Json>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer;
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#hear(JSON.parse(part) as Json);
  }

  #hear(message: Json): void {
    const { id, method, params, result, error, sessionId } = message;
    if (typeof method === 'string') return this.#listeners.get(String(sessionId))?.(method, (params ?? {}) as Json);
    const waiting = this.#waiting.get(id as number);
    this.#waiting.delete(id as number);
    if (error !== undefined) waiting?.reject(new Error(JSON.stringify(error)));
    else waiting?.resolve((result ?? {}) as Json);
  }
}
