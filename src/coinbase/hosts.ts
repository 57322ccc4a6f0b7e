// Which host carries what: the production hosts, and the Coinbase hosts that people take for them (reference part 1).
// A host that is not Coinbase's is always fine: a proxy, a test exchange, loopback.

export type HostRole = 'public' | 'user' | 'rest';

/** The production URLs by role. */
export const PRODUCTION_URLS: Readonly<Record<HostRole, string>> = {
  public: 'wss://advanced-trade-ws.coinbase.com',
  user: 'wss://advanced-trade-ws-user.coinbase.com',
  rest: 'https://api.coinbase.com',
};

const PUBLIC_HOST = 'advanced-trade-ws.coinbase.com';
const USER_HOST = 'advanced-trade-ws-user.coinbase.com';
const REST_HOST = 'api.coinbase.com';
const SANDBOX_HOST = 'api-sandbox.coinbase.com';

/** Hosts used by mistake: the end of the name, and what it is. The first match counts. */
export const MISTAKEN_HOSTS: readonly { ending: string; what: string }[] = [
  { ending: 'sandbox.exchange.coinbase.com', what: 'the sandbox of Coinbase Exchange, another API' },
  { ending: 'exchange.coinbase.com', what: 'Coinbase Exchange, another API with other keys' },
  { ending: 'pro.coinbase.com', what: 'Coinbase Pro, which has ended' },
  { ending: 'gdax.com', what: 'GDAX, the name before Coinbase Pro, which has ended' },
  { ending: 'api.cdp.coinbase.com', what: 'the CDP platform, other APIs than Advanced Trade' },
  { ending: 'prime.coinbase.com', what: 'Coinbase Prime, another API' },
  { ending: 'international.coinbase.com', what: 'the International Exchange, another API' },
  { ending: 'intx.coinbase.com', what: 'the International Exchange, another API' },
  { ending: 'drb.coinbase.com', what: 'the derivatives gateway that replaced the international part of this API' },
];

const WRONG_ROLE: Readonly<Record<string, Partial<Record<HostRole, string>>>> = {
  [PUBLIC_HOST]: { rest: 'the market-data WebSocket host, which answers no REST calls' },
  [USER_HOST]: {
    public: 'the user-order host, which carries only heartbeats, user and futures_balance_summary',
    rest: 'the user-order WebSocket host, which answers no REST calls',
  },
  [REST_HOST]: {
    public: 'the REST host, which carries no WebSocket',
    user: 'the REST host, which carries no WebSocket',
  },
  [SANDBOX_HOST]: {
    public: 'the REST sandbox, which has no WebSocket',
    user: 'the REST sandbox, which has no WebSocket',
  },
};

export interface HostJudgement {
  ok: boolean;
  /** A sentence that names the host, what it is and what to use; null when nothing is wrong. */
  problem: string | null;
}

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}

function endsAs(host: string, ending: string): boolean {
  return host === ending || host.endsWith(`.${ending}`);
}

function schemeProblem(url: URL, role: HostRole): string | null {
  const wanted = role === 'rest' ? ['https:', 'http:'] : ['wss:', 'ws:'];
  if (wanted.includes(url.protocol)) return null;
  const article = role === 'rest' ? 'A REST URL' : 'A WebSocket URL';
  return `${article} begins with ${wanted[0]}//, not ${url.protocol}//; use ${PRODUCTION_URLS[role]}.`;
}

function pathProblem(url: URL, role: HostRole, host: string): string | null {
  if (role !== 'rest' || host !== REST_HOST || !/^\/v2(\/|$)/.test(url.pathname)) return null;
  return `${host}${url.pathname} is the Coinbase App API; Advanced Trade is ${PRODUCTION_URLS.rest}/api/v3/brokerage.`;
}

/** Whether a URL can serve as the public socket, the user socket or REST (reference part 1); total, any text may be given. */
export function judgeHost(url: string, role: HostRole): HostJudgement {
  const address = parsed(url);
  if (address === null) return { ok: false, problem: `"${url}" is not a URL; use ${PRODUCTION_URLS[role]}.` };
  const host = address.hostname.toLowerCase().replace(/\.$/, '');
  const mistaken = MISTAKEN_HOSTS.find((each) => endsAs(host, each.ending));
  const what = mistaken?.what ?? (Object.hasOwn(WRONG_ROLE, host) ? WRONG_ROLE[host]?.[role] : undefined);
  if (what !== undefined) return { ok: false, problem: `${host} is ${what}; use ${PRODUCTION_URLS[role]}.` };
  const problem = schemeProblem(address, role) ?? pathProblem(address, role, host);
  return { ok: problem === null, problem };
}

/** True for a host of Coinbase's own domain; a port may follow. */
export function isCoinbaseHost(host: string): boolean {
  const name = withoutPort(host).toLowerCase().replace(/\.$/, '');
  return endsAs(name, 'coinbase.com') || endsAs(name, 'gdax.com');
}

/** True for the REST sandbox, which authenticates nobody, so a pass there proves nothing about a key. */
export function isSandbox(host: string): boolean {
  return withoutPort(host).toLowerCase() === SANDBOX_HOST;
}

function withoutPort(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  if (bracketed !== null) return bracketed[1] ?? '';
  return host.indexOf(':') === host.lastIndexOf(':') ? host.replace(/:\d*$/, '') : host;
}

const LOOPBACK_V4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** True for this machine's own loopback addresses and names; brackets and a port are allowed. */
export function isLoopback(host: string): boolean {
  const name = withoutPort(host).toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (LOOPBACK_V4.test(name) || name === '::1' || /^(0{1,4}:){7}0{0,3}1$/.test(name)) return true;
  const mapped = /^::ffff:(.+)$/.exec(name)?.[1];
  return mapped !== undefined && (LOOPBACK_V4.test(mapped) || /^7f[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(mapped));
}
