// Owns the way of a REST request: faults, penalty, route, budget, token, scope, handler, answer.
// The handlers live elsewhere.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultOf } from './fault.ts';
import type { Listener } from './listener.ts';
import { asObject } from './order.ts';
import { errorBody, madeBody, plainType } from './pages.ts';
import { RestCache } from './rest-cache.ts';
import { type Call, failed, type Reply } from './rest-call.ts';
import { RestLimits } from './rest-limits.ts';
import { findRoute, type Route } from './rest-routes.ts';
import { admit, permissions, type World } from './world.ts';

type Aimed = FaultOf<'rest-status' | 'rest-delay' | 'hang-rest' | 'cut-rest'>;

const mostBodyBytes = 100_000;

export class RestServer {
  readonly limits: RestLimits;
  readonly #world: World;
  readonly #listener: Listener;
  readonly #cache = new RestCache();

  constructor(world: World, listener: Listener) {
    this.#world = world;
    this.#listener = listener;
    this.limits = new RestLimits(world);
    listener.server.on('request', (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = readUrl(request);
    const body = await readBody(request);
    const { faults } = this.#world;
    const aimed = (f: { fault: Aimed }) => hits(f.fault, request.method ?? 'GET', url.pathname);
    if (faults.take('hang-rest', aimed) !== null) return;
    const cut = faults.take('cut-rest', aimed);
    if (cut !== null) return this.#cut(request, cut.how);
    const delay = faults.take('rest-delay', aimed);
    if (delay !== null) await new Promise((resolve) => setTimeout(resolve, delay.ms).unref());
    const made = faults.take('rest-status', aimed);
    this.#answer(response, made === null ? this.#reply(request, url, body) : madeReply(made));
  }

  #reply(request: IncomingMessage, url: URL, text: string): Reply {
    const penalty = this.limits.penalty();
    if (penalty !== null) return penalty;
    const found = findRoute(request.method ?? 'GET', url.pathname);
    if (found === null) return failed(404, 'NOT_FOUND', 'Not Found');
    const body = readJson(text);
    if (body === null) return failed(400, 'INVALID_ARGUMENT', 'request body is not a JSON object');
    const call: Call = {
      world: this.#world,
      method: found.route.method,
      path: url.pathname,
      params: found.params,
      query: url.searchParams,
      body,
    };
    return found.route.scope === 'none'
      ? this.#openCall(request, found.route, call)
      : this.#signedCall(request, found.route, call);
  }

  #openCall(request: IncomingMessage, route: Route, call: Call): Reply {
    const spent = this.limits.spend('public', request.socket.remoteAddress ?? '');
    if (spent.refusal !== null) return { ...spent.refusal, headers: spent.headers };
    if (!route.cached || request.headers['cache-control'] === 'no-cache') return route.handle(call);
    return this.#cache.serve(request.url ?? '', () => route.handle(call));
  }

  #signedCall(request: IncomingMessage, route: Route, call: Call): Reply {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const uri = `${call.method} ${request.headers.host ?? ''}${call.path}`;
    const check = token === undefined ? { refused: 'no token' } : admit(this.#world, token, uri);
    if ('refused' in check) {
      this.#world.stats.refusedTokens += 1;
      return this.#unauthorized();
    }
    // Budgets are the user's, not the key's.
    const spent = this.limits.spend('private', this.#world.desk.userId);
    if (spent.refusal !== null) return { ...spent.refusal, headers: spent.headers };
    const may = permissions(this.#world);
    const scope = route.scope === 'none' || may[route.scope];
    const reply = scope ? route.handle(call) : { status: 403, ...errorBody('unknown', 'Missing required scopes') };
    return { ...reply, headers: { ...spent.headers, ...reply.headers } };
  }

  #unauthorized(): Reply {
    if (this.#world.knobs.unauthorizedStyle === 'plain') return { status: 401, type: plainType, text: 'Unauthorized' };
    const text = '{"errors":[{"id":"authentication_error","message":"invalid signature"}]}';
    return { status: 401, type: 'application/json', text };
  }

  #answer(response: ServerResponse, reply: Reply): void {
    this.#world.stats.answered(reply.status);
    response.sendDate = false;
    response.writeHead(reply.status, {
      date: new Date(this.#world.clock.now()).toUTCString(),
      'content-type': reply.type,
      'content-length': Buffer.byteLength(reply.text),
      server: 'cloudflare',
      'cf-ray': `${this.#world.random.hex(16)}-FRA`,
      ...reply.headers,
    });
    response.end(reply.text);
  }

  #cut(request: IncomingMessage, how: 'fin' | 'reset'): void {
    if (how === 'reset') this.#listener.reset(request.socket);
    else request.socket.end();
  }
}

function hits(fault: Aimed, method: string, path: string): boolean {
  return (
    (fault.path === undefined || path.includes(fault.path)) && (fault.method === undefined || fault.method === method)
  );
}

function madeReply(fault: FaultOf<'rest-status'>): Reply {
  const body = madeBody(fault.body ?? 'json', fault.status);
  return {
    status: fault.status,
    type: body.type,
    text: fault.text ?? body.text,
    ...(fault.headers && { headers: fault.headers }),
  };
}

/** A path may begin with two slashes, which a URL would take for a host. */
function readUrl(request: IncomingMessage): URL {
  return new URL(`http://exchange${(request.url ?? '').startsWith('/') ? request.url : '/'}`);
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const chunk of request) {
      text += String(chunk);
      if (text.length > mostBodyBytes) break;
    }
  } catch {
    // The client went away; the answer will find nobody.
  }
  return text;
}

function readJson(text: string): Record<string, unknown> | null {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? asObject(value) : null;
  } catch {
    return null;
  }
}
