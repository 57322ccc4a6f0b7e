// A server that gives back whatever it was sent, in every place where an answer has room: bodies, headers, frames, close reasons. It
// remembers every token it saw, so that a test can look for them.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface EchoServer {
  restUrl: string;
  socketUrl: string;
  /** Signatures of all tokens that came, in a header or in a frame. */
  signatures: Set<string>;
  close(): Promise<void>;
}

/** The start of the answer to a refused upgrade is kept, 2 kB of it: a secret may stand across its end. */
const KEPT_OF_REFUSAL = 2_048;
const REFUSED_EVERY = 4;
const CHUNK = 37;
const TOKEN = /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.([A-Za-z0-9_-]+)/g;
const CLOSE_AFTER_MS = 2_500;

/** A text in the ways in which programs write it. */
function written(text: string): string[] {
  const bytes = Buffer.from(text);
  const unicode = [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
  const json = (inner: string): string => JSON.stringify(inner).slice(1, -1);
  const url = encodeURIComponent(text);
  return [
    text,
    bytes.toString('hex').toUpperCase(),
    url.replace(/%../g, (percent) => percent.toLowerCase()),
    json(json(text)),
    json(json(json(text))),
    Buffer.from(`x${text}`).toString('base64'),
    Buffer.from(`xy${text}`).toString('base64'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    url,
    json(text),
    unicode,
  ];
}

class Echo {
  readonly signatures = new Set<string>();
  readonly #seeds: readonly string[];

  readonly #inErrors: readonly string[];
  #upgrades = 0;

  constructor(seeds: readonly string[], inErrors: readonly string[]) {
    this.#seeds = seeds;
    this.#inErrors = inErrors;
  }

  /** Remembers the signatures of the tokens in a text, and gives them back. */
  note(text: string): string[] {
    const found = [...text.matchAll(TOKEN)].map(([, signature = '']) => signature);
    for (const signature of found) this.signatures.add(signature);
    return found;
  }

  /** What came, and every seed in every form, as the fields of one object. */
  body(heard: string): string {
    const seeds = this.#seeds.flatMap((seed) => written(seed));
    const bare = this.note(heard).flatMap((signature) => [
      signature,
      Buffer.from(signature).toString('hex'),
      Buffer.from(heard).toString('hex').toUpperCase(),
      Buffer.from(`x${signature}`).toString('base64'),
    ]);
    return JSON.stringify({
      error: 'INTERNAL',
      message: heard,
      error_details: seeds.join(' | '),
      bare,
      seeds,
      more: this.#inErrors,
    });
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const heard = request.headers.authorization ?? '';
    const path = request.url ?? '';
    const status = path.includes('accounts') ? 401 : path.includes('orders') ? 403 : path.includes('/time') ? 200 : 500;
    const headers = {
      'content-type': status === 401 ? 'text/plain' : 'application/json',
      'set-cookie': ['sid=CANARYcookie0123456789; Path=/', `__cf_bm=CANARYedge; HttpOnly`],
      'www-authenticate': `Bearer realm="x", token="${heard.replace(/^Bearer /, '')}"`,
      'x-echo': heard,
      location: `https://example.com/?jwt=${heard.replace(/^Bearer /, '')}&signature=CANARYsignature0123456789`,
      'x-hex': Buffer.from(heard).toString('hex'),
      [`x-${this.word()}`]: 'as a name',
      'cf-ray': this.word(),
      'retry-after': this.word(),
    };
    const seconds = Math.floor(Date.now() / 1_000);
    const time = { iso: new Date().toISOString(), epochSeconds: String(seconds), epochMillis: String(Date.now()) };
    const body = status === 200 ? JSON.stringify(time) : this.body(`you said: authorization: ${heard}`);
    response.writeHead(status, this.word(), headers);
    // In small pieces: secrets stand across them.
    for (let at = 0; at < body.length; at += CHUNK) response.write(body.slice(at, at + CHUNK));
    response.end();
  }

  /** A seed that fits on the line of a header. */
  word(): string {
    return this.#seeds.find((seed) => /^CANARY[\w-]+$/.test(seed)) ?? 'CANARY-none';
  }

  /** Whether an upgrade is refused, and with what: every few, the kept part of the body ending within a secret. */
  refusal(): string | null {
    this.#upgrades += 1;
    if (this.#upgrades % REFUSED_EVERY !== 0) return null;
    const body = `${'.'.repeat(KEPT_OF_REFUSAL - 20)}${this.#seeds[0] ?? ''} ${this.word()}`;
    const head = [
      `HTTP/1.1 503 ${this.word()}`,
      `Set-Cookie: sid=CANARYrefused0123456789`,
      `Content-Length: ${body.length}`,
    ];
    return `${head.join('\r\n')}\r\n\r\n${body}`;
  }

  /** Frames of every kind, each with something in it that must not be kept. */
  frames(socket: WebSocket, heard: string): void {
    const bare = this.note(heard);
    let sequence = 0;
    const data = (channel: string, events: unknown[]): void => {
      const timestamp = new Date().toISOString();
      socket.send(JSON.stringify({ channel, client_id: '', timestamp, sequence_num: sequence, events }));
      sequence += 1;
    };
    socket.send(heard);
    socket.send(JSON.stringify({ type: 'error', message: `bad token: ${heard}`, more: this.#inErrors }));
    data('subscriptions', [{ subscriptions: { ticker: [heard], user: this.#seeds } }]);
    for (const seed of this.#seeds) {
      for (const text of written(seed)) {
        data('ticker', [{ type: 'update', tickers: [{ type: 'ticker', product_id: text, price: '1' }] }]);
        data('level2', [{ type: 'update', product_id: 'BTC-USD', updates: [], note: text }]);
      }
      data('user', [{ type: 'update', orders: [{ order_id: seed, client_order_id: `Cookie: sid=${this.word()}` }] }]);
      data(seed, [{ type: 'update', orders: [{ order_id: seed, product_id: seed, status: 'OPEN' }] }]);
      socket.send(`not json at all ${seed}`);
    }
    for (const signature of bare) data('ticker', [{ tickers: [{ product_id: signature }] }]);
    // What is cut off in front, as servers show the end of a token; and one message in pieces.
    for (const signature of bare) {
      socket.send(JSON.stringify({ type: 'error', message: `bad token …${signature.slice(-43)}` }));
      const whole = JSON.stringify({ type: 'error', message: `you said ${heard}`, seeds: this.#seeds });
      for (let at = 0; at < whole.length; at += CHUNK)
        socket.send(whole.slice(at, at + CHUNK), { fin: at + CHUNK >= whole.length });
    }
    socket.send(
      JSON.stringify({
        type: 'error',
        message: 'by name',
        ...Object.fromEntries(this.#seeds.map((seed) => [seed, 1])),
      }),
    );
    socket.send(Buffer.from(`binary ${heard}`));
    const last = bare.at(-1) ?? '';
    setTimeout(() => socket.close(4_000, `bye ${last}`.slice(0, 120)), CLOSE_AFTER_MS).unref();
  }
}

/** Starts one on loopback. `seeds` are what it says besides what it hears; `inErrors` stand in bodies and error frames only. */
export async function startEchoServer(seeds: readonly string[], inErrors: readonly string[]): Promise<EchoServer> {
  const echo = new Echo(seeds, inErrors);
  const http = createServer((request, response) => echo.answer(request, response));
  const sockets = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    // Whoever was refused may be gone before it has read why.
    socket.on('error', () => undefined);
    const refusal = echo.refusal();
    if (refusal === null) sockets.handleUpgrade(request, socket, head, (open) => sockets.emit('connection', open));
    else socket.end(refusal);
  });
  sockets.on('headers', (headers) => {
    headers.push('Set-Cookie: ws=CANARYupgrade0123456789', `X-Echo: Bearer CANARYupgradeBearer0123456789`);
    headers.push(`X-${echo.word()}: as a name`);
  });
  sockets.on('connection', (socket) => socket.on('message', (data) => echo.frames(socket, String(data))));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    restUrl: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}`,
    signatures: echo.signatures,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
