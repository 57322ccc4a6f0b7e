// Completion scripts for bash, zsh and fish, made from the commands themselves: they cannot drift from them.

import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

interface Known {
  name: string;
  description: string;
  flags: { flag: string; description: string }[];
}

function known(program: Command): Known[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    flags: command.options.flatMap((option) =>
      option.long ? [{ flag: option.long, description: option.description }] : [],
    ),
  }));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function bash(commands: Known[]): string[] {
  const cases = commands.map(
    ({ name, flags }) => `    ${name}) words=${quoted(flags.map(({ flag }) => flag).join(' '))} ;;`,
  );
  return [
    '_cbscope() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" words',
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    `    *) words=${quoted(commands.map(({ name }) => name).join(' '))} ;;`,
    '  esac',
    '  [ "$COMP_CWORD" -eq 1 ] && words=' + quoted(commands.map(({ name }) => name).join(' ')),
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _cbscope cbscope',
  ];
}

function zsh(commands: Known[]): string[] {
  const names = commands.map(({ name, description }) => `    ${quoted(`${name}:${description.replaceAll(':', ' ')}`)}`);
  const cases = commands.map(
    ({ name, flags }) => `    ${name}) compadd -- ${flags.map(({ flag }) => flag).join(' ')}; _files ;;`,
  );
  return [
    '#compdef cbscope',
    '_cbscope() {',
    '  local -a commands',
    '  commands=(',
    ...names,
    '  )',
    '  if (( CURRENT == 2 )); then',
    '    _describe command commands',
    '    return',
    '  fi',
    '  case "$words[2]" in',
    ...cases,
    '  esac',
    '}',
    'compdef _cbscope cbscope',
  ];
}

function fish(commands: Known[]): string[] {
  const lines = commands.map(
    ({ name, description }) => `complete -c cbscope -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
  );
  const flags = commands.flatMap(({ name, flags: each }) =>
    each.map(
      ({ flag, description }) =>
        `complete -c cbscope -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${flag.replace(/^--/, '')} -d ${quoted(description)}`,
    ),
  );
  return [...lines, ...flags];
}

/** The script that a shell is to source. */
export function completionScript(shell: Shell, program: Command): string {
  const commands = known(program);
  const lines = { bash, zsh, fish }[shell](commands);
  return lines.join('\n');
}
