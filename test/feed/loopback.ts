// Small servers on loopback, port 0, for tests; all of them close with `closeServers`.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket as TcpSocket,
} from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

const open: (() => void)[] = [];

export function closeServers(): void {
  for (const close of open.splice(0)) close();
}

function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<TcpSocket>();
  server.on('connection', (socket: TcpSocket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  open.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

export interface WebSocketLoopback {
  url: string;
  port: number;
}

/** A WebSocket server; `serve` gets each connection and the TCP stream under it. */
export async function webSocketServer(
  serve: (ws: WebSocket, stream: TcpSocket) => void,
  http: Server = createHttpServer(),
): Promise<WebSocketLoopback> {
  const server = new WebSocketServer({ server: http });
  server.on('connection', (ws, request) => {
    ws.on('error', () => undefined);
    serve(ws, request.socket);
  });
  const port = await listen(http);
  return { port, url: `ws://127.0.0.1:${port}` };
}

export async function httpServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; port: number }> {
  const port = await listen(createHttpServer(answer));
  return { port, url: `http://127.0.0.1:${port}` };
}

/** A plain TCP server. */
export async function tcpServer(serve: (socket: TcpSocket) => void): Promise<{ port: number }> {
  return { port: await listen(createTcpServer(serve)) };
}

export async function listening(server: Server | TcpServer): Promise<number> {
  return listen(server);
}

/** A port of loopback that nobody listens on. */
export async function refusedPort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
