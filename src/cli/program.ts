// The commands and their flags. Reads the command line into plain records; what is done with them is handed in.

import { Argument, Command, CommanderError, Option } from 'commander';
import { completionScript, SHELLS, type Shell } from './completion.ts';
import { SETTING_ROWS } from './setting-table.ts';
import type { WatchFlags } from './settings.ts';

export interface ReplayFlags extends WatchFlags {
  /** Full screen: start at the end. */
  end?: boolean;
}

export interface ReportFlags {
  since?: string;
  until?: string;
  finding?: string;
  filter?: string;
  json?: boolean;
}

export interface ImportFlags {
  out: string;
}

export interface ExportFlags {
  format: string;
  out: string;
}

export interface EscalateFlags {
  out?: string;
  finding?: string;
  category?: string;
  keyId?: string;
  orderId?: string;
  productId?: string;
  at?: string;
  body?: string;
  window?: string;
  note?: string;
  uiShows?: string;
  pseudonymise?: boolean;
  allowMissing?: boolean;
  json?: boolean;
}

export interface RedactFlags {
  envFile?: string;
  keyFile?: string;
  json?: boolean;
}

export interface ExchangeFlags {
  port?: string;
  tls?: boolean;
  caFile?: string;
  keyFile?: string;
  scenario?: string;
  seed?: string;
}

export interface DrillFlags extends WatchFlags {
  scenario?: string;
  seed?: string;
}

/** The flags that were typed: commander fills negatable ones with defaults, and a default is no wish. */
function typed(command: Command): DrillFlags & { list?: boolean } {
  const given = Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) !== 'default');
  return Object.fromEntries(given);
}

/** What each command does; the result is the exit code. */
export interface Commands {
  watch(flags: WatchFlags): Promise<number>;
  demo(scenario: string | undefined, flags: WatchFlags & { list?: boolean }): Promise<number>;
  replay(file: string, flags: ReplayFlags): Promise<number>;
  report(file: string, flags: ReportFlags): Promise<number>;
  import(file: string, flags: ImportFlags): Promise<number>;
  export(file: string, flags: ExportFlags): Promise<number>;
  escalate(file: string, flags: EscalateFlags): Promise<number>;
  drill(flags: DrillFlags): Promise<number>;
  redact(from: string, to: string, flags: RedactFlags): Promise<number>;
  doctor(flags: WatchFlags): Promise<number>;
  exchange(flags: ExchangeFlags): Promise<number>;
  init(keyFile: string, flags: { out?: string }): Promise<number>;
  /** Prints a completion script that was made from the commands. */
  completion(script: string): Promise<number>;
}

const VIEW_FLAGS = ['--duration', '--fps', '--plain', '--json', '--ascii', '--no-color', '--screen-reader'];

const DRILL_FLAGS = ['--fps', '--ascii', '--no-color', '--screen-reader'];

const DOCTOR_FLAGS = [
  '--env-file',
  '--key-file',
  '--products',
  '--channels',
  '--public-url',
  '--user-url',
  '--rest-url',
  '--needs',
  '--ca-file',
  '--no-user',
  '--no-rest',
  '--sign-public',
  '--json',
];

function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

function addSettings(command: Command, only?: string[]): Command {
  for (const row of SETTING_ROWS) {
    const name = row.flag.split(' ')[0] ?? '';
    if (row.flag === '' || (only !== undefined && !only.includes(name))) continue;
    const origin = row.environment === '' ? '' : ` [${row.environment}]`;
    const option = new Option(
      row.flag.replace(/ ([A-Z][A-Z,=]*)$/, ' <$1>'),
      `${row.meaning.replaceAll('`', '')}${origin} (default: ${row.fallback.replaceAll('`', '')})`,
    );
    if (name === '--poll') option.argParser(collect);
    command.addOption(option);
  }
  return command;
}

function define(commands: Commands, version: string, done: (code: Promise<number>) => void): Command {
  const program = new Command('cbscope')
    .description(
      'Watches the connections a trading program has to Coinbase Advanced Trade, and names what is wrong and whose fault it is. Read-only.',
    )
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError(false)
    .configureHelp({ sortSubcommands: false });
  addSettings(program.command('watch', { isDefault: true }).description('open the connections and watch them'))
    .version(version, '-V, --version')
    .allowExcessArguments(true)
    .action((_: WatchFlags, command: Command) => {
      const [unknown] = command.args;
      if (unknown === undefined) return done(commands.watch(typed(command)));
      const names = program.commands.map((each) => each.name()).join(', ');
      throw new CommanderError(
        2,
        'unknown',
        `there is no command ${JSON.stringify(shortened(unknown))}; expected one of ${names}`,
      );
    });
  addSettings(
    program
      .command('demo [scenario]')
      .description('the same, against a built-in simulated exchange: no key, no network'),
  )
    .option('--list', 'show the scenarios')
    .action((scenario: string | undefined, _: WatchFlags, command: Command) =>
      done(commands.demo(scenario, typed(command))),
    );
  addSettings(program.command('replay <recording>').description('watch a recording'), VIEW_FLAGS)
    .option('--end', 'start at its end (full screen)')
    .action((file: string, _: ReplayFlags, command: Command) => done(commands.replay(file, typed(command))));
  program
    .command('report <recording>')
    .description('what a recording shows, on standard output')
    .option('--since <time>', 'findings from then on: 20:14:06 (UTC), RFC 3339, or 90s, 5m, 1h from the beginning')
    .option('--until <time>', 'only what came before')
    .option('--finding <code>', 'only this finding, by code or key')
    .option(
      '--filter <text>',
      'only findings that match, in the language of the screen: "connection:user -code:WS_DROPPED"',
    )
    .option('--json', 'as one JSON object')
    .action((file: string, flags: ReportFlags) => done(commands.report(file, flags)));
  program
    .command('import <har>')
    .description('make a recording of a HAR capture (DevTools, HTTP Toolkit, mitmproxy)')
    .requiredOption('--out <file>', 'the recording to write')
    .action((file: string, flags: ImportFlags) => done(commands.import(file, flags)));
  program
    .command('export <recording>')
    .description('a recording as a HAR capture, as a page for a browser, or as plain lines')
    .requiredOption('--format <format>', 'har, html or ndjson')
    .requiredOption('--out <file>', 'the file to write')
    .action((file: string, flags: ExportFlags) => done(commands.export(file, flags)));
  addSettings(
    program.command('drill').description('a hidden fault to diagnose: training for support (full screen)'),
    DRILL_FLAGS,
  )
    .option('--scenario <name>', 'begin with this scenario (default: any)')
    .option('--seed <number>', 'deal the same drills in the same order again')
    .action((_: DrillFlags, command: Command) => done(commands.drill(typed(command))));
  addSettings(
    program.command('doctor').description('one-shot pre-flight of environment, key, clock, network and permissions'),
    DOCTOR_FLAGS,
  ).action((_: WatchFlags, command: Command) => done(commands.doctor(typed(command))));
  program
    .command('escalate <recording>')
    .description('write the escalation packet of a recording, without a screen')
    .option('--out <dir>', 'folder in which the packet folder is made (default: this one)')
    .option('--finding <code>', 'the finding it is about (default: the one that weighs most)')
    .option('--category <category>', 'matching, balance, 5xx or other')
    .option('--key-id <id>', 'API key id, where the recording does not tell it')
    .option('--order-id <id>', 'UUID of the order')
    .option('--product-id <id>', 'such as BTC-USD')
    .option('--at <time>', 'request timestamp, UTC; the window moves there')
    .option('--body <file>', 'the full error response, from a file; - is standard input')
    .option('--window <seconds>', 'how much of the recording goes with it, to both sides of that moment (default: 60)')
    .option('--ui-shows <text>', 'what the web page shows')
    .option('--note <text>', 'a note for T2')
    .option('--pseudonymise', 'turn ids of accounts, users, portfolios and other orders into tokens')
    .option('--allow-missing', 'write it though required fields are missing')
    .option('--json', 'say the result as JSON')
    .action((file: string, flags: EscalateFlags) => done(commands.escalate(file, flags)));
  program
    .command('redact <in> <out>')
    .description('copy a recording or a HAR capture without the secrets in it')
    .option('--env-file <file>', 'secrets written here are looked for, too (default: .env)')
    .option('--key-file <file>', 'and the private key in this one')
    .option('--json', 'say the result as JSON')
    .action((from: string, to: string, flags: RedactFlags) => done(commands.redact(from, to, flags)));
  program
    .command('exchange')
    .description('run the simulated exchange by itself, for other clients to talk to')
    .option('--port <port>', 'REST port; the sockets take the next two (default: free ones)')
    .option('--tls', 'serve https and wss with a certificate of a CA made on the spot')
    .option('--ca-file <file>', 'write that CA here, for --ca-file of clients')
    .option('--key-file <file>', 'write a key file like the portal’s here')
    .option('--scenario <name>', 'play a scenario by name or from a file')
    .option('--seed <number>', 'seed of the simulated market')
    .action((flags: ExchangeFlags) => done(commands.exchange(flags)));
  program
    .command('init <key-file>')
    .description('write a commented .env from the portal’s key file')
    .option('--out <file>', 'where to write it (default: .env)')
    .action((keyFile: string, flags: { out?: string }) => done(commands.init(keyFile, flags)));
  program
    .command('completions')
    .description('print a completion script: source it in your shell’s start-up file')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .action((shell: Shell) => done(commands.completion(completionScript(shell, program))));
  return program;
}

/** Long values are not said again: somebody may have typed a secret where it does not belong. */
function shortened(text: string): string {
  return text.replace(/[^\s'"=]{32,}/g, '…').replace(/=[^\s'"]+/g, '=…');
}

/** One sentence for a command line that cannot be read: commander's own, with what to type next. */
function complaint(error: CommanderError): string {
  const sentence = shortened(error.message)
    .replace(/^error: /, '')
    .replace(
      /^command-argument value ('.*') is invalid for argument '(.*)'\. Allowed choices are (.*)\.$/,
      '$2 $1 is not known; expected one of $3',
    )
    .replace(/\s+/g, ' ')
    .trim();
  return `${sentence}; \`cbscope --help\` shows commands and flags`;
}

/** Reads the command line and runs the command; the result is the exit code. */
export async function runProgram(
  args: string[],
  commands: Commands,
  version: string,
  complain: (sentence: string) => void,
): Promise<number> {
  let running: Promise<number> | null = null;
  const program = define(commands, version, (code) => {
    running = code;
  });
  for (const command of [program, ...program.commands])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0 || error.code === 'commander.help') return 0;
    complain(complaint(error));
    return 2;
  }
  return running ?? 0;
}

/** The flags of `watch` as a scenario gives them. Unknown ones are a mistake in the scenario. */
export function parseWatchFlags(args: string[]): WatchFlags {
  const command = addSettings(new Command('watch'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  command.parse(args, { from: 'user' });
  return typed(command);
}
