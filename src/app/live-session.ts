// Builds a live session from plain data: inspects the key, makes the signer, joins engine and live feed. Used in the worker and in line mode alike.

import { arch, platform } from 'node:os';
import { registerSecret } from '../base/secret.ts';
import type { Configuration } from '../cli/settings.ts';
import { inspectCredentials, inspectNothing, refusedBySigner } from '../coinbase/key.ts';
import type { FactBody, KeyInspection } from '../core/fact.ts';
import type { EngineOptions } from '../engine/engine.ts';
import { Session } from '../engine/session.ts';
import { systemClock } from '../feed/clock.ts';
import { createLiveFeed } from '../feed/live.ts';
import type { Signer } from '../feed/signer.ts';
import { createSigner } from '../feed/signer.ts';
import { fileName } from './file-name.ts';

/** Everything a live session needs, as plain data that can cross a thread border. */
export interface LivePlan {
  mode: 'live' | 'demo';
  version: string;
  configuration: Configuration;
  /** Where packets and recordings made by a key go. */
  directory: string;
}

interface Key {
  inspection: KeyInspection;
  signer: Signer | null;
}

function readKey(configuration: Configuration): Key {
  const found = configuration.credentials;
  if (found === null) return { inspection: inspectNothing(), signer: null };
  const { inspection, key } = inspectCredentials(found);
  if (key === null) return { inspection, signer: null };
  const signer = createSigner(key);
  if ('problem' in signer) return { inspection: refusedBySigner(inspection, signer.defect), signer: null };
  return { inspection, signer };
}

function opening(plan: LivePlan, inspection: KeyInspection): FactBody[] {
  const { settings, origins, hmacVariables, plainTextHosts } = plan.configuration;
  return [
    {
      fact: 'session.started',
      version: plan.version,
      mode: plan.mode,
      settings,
      origins,
      hmacVariables,
      plainTextHosts,
      platform: `${platform()} ${arch()}, Node ${process.versions.node}`,
    },
    { fact: 'key.inspected', inspection },
  ];
}

function hasRotation({ rotation }: Configuration): boolean {
  return rotation.bytes !== null || rotation.ms !== null;
}

export function buildLiveSession(
  plan: LivePlan,
  observe: Pick<EngineOptions, 'onFact' | 'onChanges' | 'onVerdict'> = {},
): Session {
  const { configuration } = plan;
  for (const value of configuration.secrets) registerSecret('environment value', value);
  const { inspection, signer } = readKey(configuration);
  return new Session({
    mode: plan.mode,
    version: plan.version,
    stamps: systemClock,
    opening: opening(plan, inspection),
    makeFeed: (emit, originMs, gauges) =>
      createLiveFeed({ settings: configuration.settings, signer, caPem: configuration.caPem, originMs, gauges }, emit),
    escalate: async (input, what) => {
      const { escalateFrom, previewFrom } = await import('./escalate-session.ts');
      return what === 'write' ? escalateFrom(input, plan.directory) : previewFrom(input);
    },
    existing: configuration.existing,
    ...(hasRotation(configuration) ? { rotation: configuration.rotation } : {}),
    nameFile: (what) => `${plan.directory}/${fileName(what, systemClock.wallMs())}`,
    observe,
  });
}
