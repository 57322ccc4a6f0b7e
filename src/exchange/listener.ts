// Owns one loopback listener, plain or TLS: it can stop listening and come back on the same port.
// It knows nothing of what is served.
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Leaf } from './certificate.ts';

export class Listener {
  readonly server: Server;
  readonly #raw = new Map<string, Socket>();
  readonly #host: string;
  #port = 0;

  constructor(host: string, leaf: Leaf | null) {
    this.#host = host;
    this.server = leaf === null ? createHttpServer() : createHttpsServer(leaf);
    // A request may hang on purpose for longer than Node's own patience.
    this.server.requestTimeout = 0;
    // The edge keeps idle connections much longer than Node does; a client's poll must not race with their end.
    this.server.keepAliveTimeout = 75_000;
    this.server.on('connection', (socket: Socket) => this.#remember(socket));
    this.server.on('tlsClientError', (_error, socket: Socket) => socket.destroy());
    this.server.on('clientError', (_error, socket) => socket.destroy());
  }

  get port(): number {
    return this.#port;
  }

  async open(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, this.#host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.server.address() as AddressInfo).port;
  }

  /** New connections are refused from now on; those that are open stay, idle ones go. */
  pause(): void {
    if (this.server.listening) this.server.close();
    this.server.closeIdleConnections();
  }

  async resume(): Promise<void> {
    if (!this.server.listening) await this.open(this.#port);
  }

  presentLeaf(leaf: Leaf): void {
    if (this.server instanceof HttpsServer) this.server.setSecureContext(leaf);
  }

  /** Ends a connection with RST; under TLS the socket below is the one to reset. */
  reset(socket: Duplex & { remotePort?: number | undefined }): void {
    const raw = this.#raw.get(String(socket.remotePort));
    if (raw === undefined) socket.destroy();
    else raw.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const socket of this.#raw.values()) socket.destroy();
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  #remember(socket: Socket): void {
    const name = String(socket.remotePort);
    this.#raw.set(name, socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      if (this.#raw.get(name) === socket) this.#raw.delete(name);
    });
  }
}

/** A loopback port on which nobody listens: it was free a moment ago. */
export async function closedPort(host: string): Promise<number> {
  const probe = createTcpServer();
  await new Promise<void>((resolve) => probe.listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
