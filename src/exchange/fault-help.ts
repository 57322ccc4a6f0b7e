// Owns what each fault does, in a sentence for people. Adding a kind without its sentence does not compile.
import type { FaultKind } from './fault.ts';
import { shapes } from './fault-shape.ts';

export const faultSentences: Record<FaultKind, string> = {
  close: 'Closes connections with a code: now, after afterMs, or the next N that open.',
  cut: 'Ends connections without a close frame, by FIN or by reset; the client sees 1006.',
  mute: 'Sends nothing on open connections (alsoNew: later ones too); with pongs false it reads nothing either.',
  'refuse-upgrades': 'Answers upgrades with an HTTP status, body and headers.',
  'hang-upgrades': 'Takes the connection and never answers the upgrade.',
  'reset-upgrades': 'Resets the connection at the upgrade.',
  'refuse-connections': 'Stops listening; when it ends the same port is open again. Open connections stay.',
  tls: 'Presents a bad certificate to new connections (TLS mode only).',
  silence: 'One channel, or one product of it, stops; the others go on and no sequence number is lost.',
  drop: 'The next frames (of a channel) are lost on the way: a sequence gap.',
  duplicate: 'The next frames (of a channel) arrive twice.',
  reorder: 'A frame arrives after the one that should follow it.',
  malform: 'The next frames come damaged; not-json, truncated, wrong-envelope and binary come beside the true frame.',
  text: 'Sends any text as a frame.',
  'error-frame': 'Sends an in-band error with any message and further fields.',
  'skip-heartbeats': 'Leaves heartbeats out: the counter jumps; with useSequence the sequence number does too.',
  'delay-heartbeats': 'Heartbeats leave late, in order; other frames are on time.',
  'heartbeat-string': 'The heartbeat counter is a text, as in 2023.',
  'no-acknowledgement': 'Subscribes take effect but are not acknowledged.',
  'reject-subscribes': 'Subscribes are refused in-band, as authentication failure unless a message is given.',
  'expire-tokens': 'A connection ends when the last token sent on it ends; by default with 1008.',
  'big-snapshot': 'level2 snapshots are padded to about that many bytes, 5 MB by default.',
  'rest-status': 'REST calls whose path contains path are answered with a status and body.',
  'rest-delay': 'REST calls are answered late.',
  'hang-rest': 'REST calls are never answered.',
  'cut-rest': 'The connection of a REST call is ended or reset instead of an answer.',
  limits: 'Changes the REST budgets, whether headers tell them, and what a 429 looks like.',
  'other-traffic': 'Another program of the same user takes calls from the budget, rising over rampSeconds.',
  penalty: 'Every REST call is answered with 403 Too many errors.',
  'time-cache': 'The time answer comes stale from the edge cache.',
  skew: "The server's clock is off by that many milliseconds; below 0 it is behind, so that clients are ahead.",
  'token-tolerance': "How far in the server's future a token may begin.",
  'disable-key': 'No key is known any more.',
  permissions: 'Changes what the keys may do.',
  'bind-portfolio': 'Binds the keys to another portfolio.',
  'stick-order':
    'REST shows an open order unchanged while it is filled elsewhere; with fill false its cancel never ends.',
  mismatch: 'The portfolio breakdown of an asset is off by an amount.',
};

/** All faults with their fields, for the console; a field with a star is needed. */
export function faultHelp(): string {
  return Object.entries(faultSentences)
    .map(([kind, sentence]) => {
      const fields = Object.entries(shapes[kind as FaultKind]).map(([name, field]) =>
        field.required ? `${name}*` : name,
      );
      return `${kind} (${fields.join(', ')})\n    ${sentence}`;
    })
    .join('\n');
}
