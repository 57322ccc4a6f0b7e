// `cbscope exchange`: the simulated exchange by itself.

import { Writable } from 'node:stream';
import type { ExchangeFlags } from '../cli/program.ts';
import { readNumber } from '../cli/values.ts';
import { runExchangeCommand } from '../exchange/command.ts';
import { shownText } from '../recording/redact.ts';
import { complain } from './output.ts';

function numberOf(name: string, text: string | undefined, max: number): number | undefined | { problem: string } {
  if (text === undefined) return undefined;
  const read = readNumber(name, text, 0, max);
  return 'problem' in read ? read : Math.floor(read.value);
}

/** Standard output holds the exchange's own key, which is meant to be copied; a sentence about what was typed holds none. */
function gatedErrors(): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      process.stderr.write(shownText(String(chunk)), done);
    },
  });
}

export async function exchange(flags: ExchangeFlags): Promise<number> {
  const port = numberOf('--port', flags.port, 65_533);
  const seed = numberOf('--seed', flags.seed, 2 ** 31);
  for (const value of [port, seed]) {
    if (typeof value === 'object') {
      complain(value.problem);
      return 2;
    }
  }
  if (typeof port === 'object' || typeof seed === 'object') return 2;
  const { tls, caFile, keyFile, scenario } = flags;
  return runExchangeCommand({
    port,
    seed,
    tls,
    caFile,
    keyFile,
    scenario,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: gatedErrors(),
  });
}
