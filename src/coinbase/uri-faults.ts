// Where a token's `uri` claim and the request it went with disagree, in words: the mistakes that programs make (reference 6.1, rows 3 and 4).

import { signingUri } from './endpoints.ts';

const PREFIX = '/api/v3/brokerage';

interface Parts {
  method: string;
  host: string;
  path: string;
}

function partsOf(uri: string): Parts {
  const [, method = '', host = '', path = ''] =
    /^([A-Za-z]*)\s*(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#\s]*)([^?#]*)/.exec(uri) ?? [];
  return { method, host, path };
}

function differences(said: Parts, wanted: Parts): string[] {
  const found: string[] = [];
  if (said.method !== wanted.method)
    found.push(`its method is ${said.method || 'missing'}, the request’s ${wanted.method}`);
  if (said.host !== wanted.host)
    found.push(`its host is ${said.host || 'missing'}, the request went to ${wanted.host}`);
  if (said.path === wanted.path) return found;
  if (!said.path.includes(PREFIX) && wanted.path === PREFIX + said.path) found.push(`its path lacks ${PREFIX}`);
  else if (/[{}]|%7B/i.test(said.path)) found.push(`a name in braces was never filled in: ${said.path}`);
  else found.push(`its path is ${said.path || 'missing'}, the request’s ${wanted.path}`);
  return found;
}

/** Every way in which the claim is not `METHOD host/path` of the request; empty when it is. `uri` is null when the token has none. */
export function uriFaults(uri: string | null, method: string, url: string): string[] {
  const wanted = signingUri(method, url);
  if (uri === wanted) return [];
  if (uri === null || uri.trim() === '') return ['the token has no uri claim, which every REST call needs'];
  const found = differences(partsOf(uri.trim()), partsOf(wanted));
  if (/:\/\//.test(uri)) found.unshift('it has a scheme');
  if (/\?/.test(uri)) found.unshift('it has a query string');
  return found.length > 0 ? found : ['it is written with other spaces'];
}
