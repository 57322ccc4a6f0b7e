// This tool itself: late loop, sleep, wall clock, recording. Said so that nobody else is blamed for it.

import type { Step } from '../core/finding.ts';
import type { Model } from '../core/model.ts';
import type { Rule, Sighting } from './rule.ts';
import { clockTime, duration, plural, sighting, step } from './rule.ts';

const LAGS_WITHIN_MS = 10_000;

function selfSteps(model: Model): Step[] {
  const { self } = model;
  return [
    step(
      'Loop: is this program’s own event loop on time?',
      self.lagMs > 500 ? 'fail' : 'pass',
      `longest delay in the last second ${Math.round(self.lagMs)} ms`,
    ),
    step(
      'Queue: is the recorder keeping up?',
      self.dropped > 0 ? 'fail' : 'pass',
      `${self.queue} waiting, ${self.dropped} dropped`,
    ),
    step(
      'Sleep: did the machine sleep or the program stop?',
      self.slept === null ? 'pass' : 'fail',
      self.slept === null ? 'not this session' : `${clockTime(self.slept.at)} for ${duration(self.slept.forMs)}`,
    ),
  ];
}

export const ownTrouble: Rule = (model) => {
  const { self } = model;
  const seen: Sighting[] = [];
  const late = self.lateT.filter((lag) => model.t - lag.t <= LAGS_WITHIN_MS);
  if (late.length >= 2) {
    const worst = Math.max(...late.map((lag) => lag.lagMs));
    seen.push(
      sighting({
        code: 'SELF_LAGGING',
        title: `This tool’s own loop was late by up to ${duration(worst)}, ${plural(late.length, 'time')} in 10 s: lateness seen now is ours.`,
        count: late.length,
        evidence: late.map((lag) => `${clockTime(lag.at)} late by ${duration(lag.lagMs)}`),
        facts: late.map((lag) => lag.seq),
        steps: selfSteps(model),
        clearedBecause: 'the loop has been on time for 10 s',
      }),
    );
  }
  if (self.slept !== null && model.t - self.slept.t < 30_000) {
    seen.push(
      sighting({
        code: 'SELF_SLEPT',
        title: `This machine slept, or the program was stopped, for ${duration(self.slept.forMs)}.`,
        evidence: [`noticed at ${clockTime(self.slept.at)}`],
        facts: [self.slept.seq],
        steps: selfSteps(model),
        clearedBecause: 'awake for 30 s',
      }),
    );
  }
  if (self.jumped !== null && model.t - self.jumped.t < 30_000) {
    seen.push(
      sighting({
        code: 'CLOCK_JUMPED',
        title: `This machine’s wall clock jumped by ${duration(self.jumped.byMs)}; durations here are not affected.`,
        evidence: [`noticed at ${clockTime(self.jumped.at)}`],
        facts: [self.jumped.seq],
        steps: selfSteps(model),
        clearedBecause: 'no further jump for 30 s',
      }),
    );
  }
  return seen;
};

export const recording: Rule = (model) => {
  const stopped = model.recording;
  if (stopped === null || stopped.active || stopped.reason === 'asked') return [];
  return [
    sighting({
      code: 'RECORDING_STOPPED',
      title: `The recording ${stopped.file} stopped (${stopped.reason}): ${stopped.note}. Watching goes on.`,
      evidence: [stopped.note],
      steps: selfSteps(model),
      clearedBecause: 'recording again',
    }),
  ];
};
