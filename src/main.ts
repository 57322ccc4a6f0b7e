// The composition root: hands every command what it needs. Nothing is decided here.

import { registerKnownSecrets, registerTypedKeys } from './app/known-secrets.ts';
import { complain, say } from './app/output.ts';
import { VERSION } from './app/version.ts';
import { watch } from './app/watch.ts';
import type { Commands } from './cli/program.ts';
import { runProgram } from './cli/program.ts';

function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Each command's code is loaded when it is asked for: a pipe never pays for the screen, nor a report for the exchange. */
const commands: Commands = {
  watch: (flags) => watch(flags, isTerminal()),
  demo: async (scenario, flags) => (await import('./app/demo.ts')).demo(scenario, flags, isTerminal()),
  replay: async (file, flags) => (await import('./app/replay.ts')).replay(file, flags, isTerminal()),
  report: async (file, flags) => (await import('./app/report.ts')).report(file, flags),
  import: async (file, flags) => (await import('./app/import.ts')).importHar(file, flags),
  export: async (file, flags) => (await import('./app/export.ts')).exportRecording(file, flags),
  escalate: async (file, flags) => (await import('./app/escalate.ts')).escalate(file, flags),
  redact: async (from, to, flags) => (await import('./app/redact.ts')).redact(from, to, flags),
  drill: async (flags) => (await import('./app/drill.ts')).drill(flags, isTerminal()),
  doctor: async (flags) => (await import('./app/doctor.ts')).doctor(flags),
  init: async (keyFile, flags) => (await import('./app/init.ts')).init(keyFile, flags),
  completion: async (script) => {
    say(script);
    return 0;
  },
  exchange: async (flags) => (await import('./app/exchange.ts')).exchange(flags),
};

function complainOf(error: unknown): void {
  complain(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
}

/** Node itself would print an error with every secret in it. A command that handles its own crash does so alone. */
function guardCrashes(): void {
  const crash = (event: 'uncaughtException' | 'unhandledRejection') => (error: unknown) => {
    if (process.listenerCount(event) > 1) return;
    complainOf(error);
    process.exit(1);
  };
  process.on('uncaughtException', crash('uncaughtException'));
  process.on('unhandledRejection', crash('unhandledRejection'));
}

/** Runs the program with these arguments and ends the process with its exit code. */
export async function main(args: string[]): Promise<void> {
  // Before anything is said: a secret may have been typed where it does not belong.
  guardCrashes();
  registerTypedKeys(args);
  registerKnownSecrets();
  try {
    process.exitCode = await runProgram(args, commands, VERSION, complain);
  } catch (error) {
    complainOf(error);
    process.exitCode = 1;
  }
  // Sockets of libraries may linger; everything that had to be written is written.
  process.exit();
}
