// Owns `cbscope exchange`: serves until it is told to stop, with faults typed at its console.
// It reads no flags; the CLI hands them in.
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { describeExchange } from './describe.ts';
import { type Exchange, startExchange } from './exchange.ts';
import { parseFault } from './fault.ts';
import { faultHelp } from './fault-help.ts';
import { Player } from './player.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { findScenario, scenarios } from './scenarios.ts';

export interface ExchangeCommand {
  /** REST port; the sockets take the next two. 0 picks free ones. */
  port?: number | undefined;
  tls?: boolean | undefined;
  /** Where to write the CA certificate; TLS mode only. */
  caFile?: string | undefined;
  /** Where to write a key file like the portal's; readable by its owner only. */
  keyFile?: string | undefined;
  /** Name of a built-in scenario or path to a scenario file. */
  scenario?: string | undefined;
  seed?: number | undefined;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  /** Stops the exchange like SIGINT does. */
  signal?: AbortSignal | undefined;
}

const usage = 2;

/** Serves until SIGINT, SIGTERM or the signal; the result is the exit code. */
export async function runExchangeCommand(command: ExchangeCommand): Promise<number> {
  const say = (text: string) => void command.stdout.write(`${text}\n`);
  const complain = (text: string) => void command.stderr.write(`cbscope: ${text}\n`);
  const scenario = command.scenario === undefined ? undefined : await loadScenario(command.scenario);
  if (scenario !== undefined && 'problem' in scenario) {
    complain(scenario.problem);
    return usage;
  }
  const exchange = await startOrSay(command, scenario, complain);
  if (exchange === null) return usage;
  const problem = await writeFiles(command, exchange);
  if (problem !== null) {
    complain(problem);
    await exchange.close();
    return usage;
  }
  const { keyFile, caFile } = command;
  say(
    describeExchange(exchange, {
      keyFile,
      caFile: exchange.caPem === undefined ? undefined : caFile,
      scenario: scenario?.name,
    }),
  );
  const player = scenario === undefined ? null : new Player(exchange, scenario);
  player?.begin();
  const lines = createInterface({ input: command.stdin });
  lines.on('line', (line) => obey(exchange, line, say));
  await untilStopped(command.signal);
  lines.close();
  player?.stop();
  await exchange.close();
  return 0;
}

/** Applies lines of JSON as faults; answers each with one sentence. */
export async function readFaults(
  exchange: Exchange,
  lines: AsyncIterable<string>,
  say: (text: string) => void,
): Promise<void> {
  for await (const line of lines) obey(exchange, line, say);
}

/** Finds a scenario by name, else reads it from a file. */
export async function loadScenario(nameOrPath: string): Promise<Scenario | { problem: string }> {
  const builtIn = findScenario(nameOrPath);
  if (builtIn !== null) return builtIn;
  if (!nameOrPath.includes('/') && !nameOrPath.endsWith('.json')) {
    return { problem: `No scenario is called "${nameOrPath}"; there are ${scenarios.map((s) => s.name).join(', ')}.` };
  }
  try {
    const scenario = parseScenario(JSON.parse(await readFile(nameOrPath, 'utf8')));
    return 'problem' in scenario ? { problem: `${nameOrPath}: ${scenario.problem}` } : scenario;
  } catch (error) {
    return { problem: `The scenario file ${nameOrPath} cannot be read: ${reason(error)}` };
  }
}

function obey(exchange: Exchange, line: string, say: (text: string) => void): void {
  const text = line.trim();
  if (text === '') return;
  if (text === 'clear') {
    exchange.clear();
    return say('All faults ended.');
  }
  if (text === 'help') return say(faultHelp());
  if (text === 'stats') return say(JSON.stringify(exchange.stats()));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return say('This line is not JSON. A fault looks like {"kind":"drop","frames":1}.');
  }
  const fault = parseFault(value);
  if ('problem' in fault) return say(fault.problem);
  exchange.apply(fault);
  say(`Applied ${fault.kind}.`);
}

async function startOrSay(
  command: ExchangeCommand,
  scenario: Scenario | undefined,
  say: (text: string) => void,
): Promise<Exchange | null> {
  const port = command.port ?? 0;
  const ports = port === 0 ? {} : { port, publicPort: port + 1, userPort: port + 2 };
  try {
    return await startExchange({
      ...ports,
      ...(command.tls === undefined ? {} : { tls: command.tls }),
      ...(scenario === undefined ? {} : { scenario }),
      ...(command.seed === undefined ? {} : { seed: command.seed }),
    });
  } catch (error) {
    say(`The exchange cannot listen: ${reason(error)}`);
    return null;
  }
}

async function writeFiles(command: ExchangeCommand, exchange: Exchange): Promise<string | null> {
  const { id, secret } = exchange.keys.es256;
  try {
    if (command.keyFile !== undefined) {
      await writeFile(command.keyFile, `${JSON.stringify({ name: id, privateKey: secret }, null, 2)}\n`, {
        mode: 0o600,
      });
      // The mode above holds only for a file that was not there before.
      await chmod(command.keyFile, 0o600);
    }
    if (command.caFile !== undefined && exchange.caPem !== undefined) await writeFile(command.caFile, exchange.caPem);
    return null;
  } catch (error) {
    return `A file cannot be written: ${reason(error)}`;
  }
}

/** Holds the process open: nothing else of the exchange does so reliably. */
async function untilStopped(signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const hold = setInterval(() => {}, 60_000);
    const stop = () => {
      clearInterval(hold);
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
