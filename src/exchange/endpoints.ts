// Owns the URLs that a scenario's client is to use: the exchange's own, unless the scenario points one elsewhere.
import type { Exchange } from './exchange.ts';
import type { Scenario } from './scenario.ts';

export interface Endpoints {
  publicUrl: string;
  userUrl: string;
  restUrl: string;
}

const nobody = 'closed-port';

/** The three URLs for a client of this scenario. */
export function endpointsFor(
  exchange: Endpoints & Pick<Exchange, 'closedPort'>,
  scenario: Pick<Scenario, 'client'> | null,
): Endpoints {
  const wanted = scenario?.client.urls ?? {};
  const choose = (own: string, other: string | undefined) => {
    if (other !== nobody) return other ?? own;
    return own.replace(/:\d+$/, `:${exchange.closedPort}`);
  };
  return {
    publicUrl: choose(exchange.publicUrl, wanted.public),
    userUrl: choose(exchange.userUrl, wanted.user),
    restUrl: choose(exchange.restUrl, wanted.rest),
  };
}
