// How a run is shown: on a screen or in lines, at which pace, in which letters and colours.

import type { Collector } from './collector.ts';
import type { ViewSettings, WatchFlags } from './settings.ts';
import { isDumb, isUnicode, wantsColor } from './terminal-variables.ts';
import { readDuration, readNumber } from './values.ts';
import type { Variables } from './variables.ts';

/** A default that a flag turns round, and so does the environment. */
function readSwitch(
  collect: Collector,
  name: string,
  usual: boolean,
  byFlag: boolean,
  byEnvironment: boolean,
): boolean {
  const value = byFlag || byEnvironment ? !usual : usual;
  collect.note(name, String(value), byFlag ? 'flag' : byEnvironment ? 'environment' : 'default');
  return value;
}

/** All settings of the view, and why each is so. */
export function readView(
  collect: Collector,
  flags: WatchFlags,
  isTerminal: boolean,
  variables: Variables,
): ViewSettings {
  const { environment } = variables;
  const isDrawn = isTerminal && !isDumb(environment);
  const lines = flags.json === true ? 'json' : flags.plain === true || !isDrawn ? 'plain' : null;
  return {
    lines,
    fps: collect.read(
      'fps',
      collect.find('--fps', flags.fps, null, '4'),
      (name, text) => readNumber(name, text, 1, 30),
      4,
    ),
    ascii: readSwitch(collect, 'ascii', false, flags.ascii === true, !isUnicode(environment)),
    color: readSwitch(collect, 'color', true, flags.color === false, !wantsColor(environment)),
    screenReader: collect.flag('screen-reader', flags.screenReader === true, flags.screenReader !== true),
    durationMs:
      flags.duration === undefined
        ? null
        : collect.read('duration', { value: flags.duration, origin: 'flag', name: '--duration' }, readDuration, 0),
  };
}
