// What a front end may ask of the engine, and what it gets: the one interface between the screen and everything else.
// The worker and its in-process twin both implement it; only plain data crosses it.

import type { ConnectionName } from '../core/fact.ts';
import type { PacketPreview, PacketRequest } from '../core/packet-request.ts';
import type { BodyWindow, FactDetail, Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery } from '../core/timeline.ts';

/** What the user asked for. Live obeys all of it; replay obeys the `replay-…` and the `escalate…` ones. */
export type Action =
  | { action: 'acknowledge'; findingKey: string }
  | { action: 'snooze'; findingKey: string; forMs: number }
  | { action: 'reconnect'; connection: ConnectionName }
  | { action: 'new-token'; connection: ConnectionName }
  | { action: 'record'; on: boolean }
  /** Writes the flight recorder to a file. */
  | { action: 'save-window' }
  /** Writes a packet; `request` is what the user chose in the dialog. */
  | { action: 'escalate'; findingKey: string | null; request?: PacketRequest }
  /** The packet as it would be; writes nothing. */
  | { action: 'escalate-preview'; findingKey: string | null; request: PacketRequest }
  /** Marks this moment with a word; a replay shows it among its markers. */
  | { action: 'mark'; text: string }
  | { action: 'ui-shows'; text: string }
  | { action: 'replay-play'; playing: boolean }
  | { action: 'replay-seek'; toT: number }
  | { action: 'replay-step'; facts: 1 | -1 }
  | { action: 'replay-speed'; speed: number }
  | { action: 'replay-marker'; direction: 1 | -1 }
  /** Jumps over stretches of the recording in which nothing but ticks happened. */
  | { action: 'replay-idle-skip'; on: boolean };

/** What came of an action that writes something or can fail. Every sentence is ready to be shown. */
export type Outcome =
  | {
      ok: true;
      message: string /** Markdown of a packet, for the clipboard. */;
      markdown?: string;
      path?: string;
      preview?: PacketPreview;
    }
  | { ok: false; message: string };

export interface Controls {
  /** Newest snapshot wins: while one is being drawn, later ones replace each other. Returns the way to stop listening. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  act(action: Action): Promise<Outcome>;
  /** Which rows of the timeline snapshots carry from now on; the next one comes at once. */
  look(query: TimelineQuery): void;
  /** The fact with this sequence number, opened, with these lines of its payload; null when it is no longer held. */
  detail(seq: number, window: BodyWindow): Promise<FactDetail | null>;
  /** The screen's own rate, for the self pane. */
  drew(screensPerSecond: number): void;
  /** Flush everything and stop: resolves within a second. */
  stop(reason: string): Promise<void>;
}
