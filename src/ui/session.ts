// One sitting in front of the screen: keys become UI actions, requests to the engine, copies. It knows no terminal sequences and no React.

import type { Key } from 'ink';
import type { PacketPreview } from '../core/packet-request.ts';
import type { FactDetail, Snapshot } from '../core/snapshot.ts';
import type { TimelineQuery } from '../core/timeline.ts';
import type { Controls } from '../engine/controls.ts';
import { type Asked, askedBy } from './asking.ts';
import { COPIED_BODY, type Copied, copied, factCopied, osc52 } from './clipboard.ts';
import { type DrillCase, phaseOf, visible, visibleDetail } from './drill.ts';
import { keysOf, pastedText } from './key-names.ts';
import { actionFor, type KeyAction } from './keymap.ts';
import { layout, panesOnRung } from './layout.ts';
import { requestOf } from './packet-form.ts';
import { readingRows } from './reading.ts';
import { reduce, startState } from './reduce.ts';
import type { Room } from './rows/cells.ts';
import { bodyWanted } from './rows/frame-detail.ts';
import { activePane, silence, topMode, type UiAction, type UiState } from './state.ts';
import { crashText, type Suspend, type Terminal } from './terminal.ts';
import type { Look } from './theme.ts';
import { lookedUp, queryOf } from './timeline-scroll.ts';
import { type View, viewOf } from './view.ts';
import { roomIn } from './widgets/panel.tsx';

export interface SessionOptions {
  controls: Controls;
  terminal: Terminal;
  look: Look;
  /** The hidden fault to be found, when this is a drill. */
  drill: DrillCase | null;
  now: () => number;
  /** Something the user did is to be seen at once. */
  show: () => void;
  quit: () => void;
  nextDrill: () => void;
  suspend: (suspend: Suspend) => void;
}

export class Session {
  readonly #options: SessionOptions;
  #state: UiState;
  /** The newest snapshot, whole. */
  #whole: Snapshot | null = null;
  /** What of it may be seen now. */
  #latest: Snapshot | null = null;
  /** The lines of an opened fact that were asked for last, as JSON, and whether the answer has yet to come. */
  #fetched = '';
  #fetching = false;
  /** The rows of the timeline that were asked for last, and whether they have yet to come. */
  #asked: TimelineQuery | null = null;
  #isAwaited = false;
  /** The request of the preview that is asked for or shown, as JSON. */
  #previewed = '';
  #previewing = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#state = startState(options.look, options.drill);
  }

  get state(): UiState {
    return this.#state;
  }

  get latest(): Snapshot | null {
    return this.#latest;
  }

  /** Takes a snapshot in; drawing it is the caller's to time. */
  receive(snapshot: Snapshot): void {
    const still = this.#state.drill?.over ? this.#whole : null;
    this.#whole = still === null ? snapshot : lookedUp(still, snapshot);
    this.#latest = visible(this.#whole, this.#state);
    this.#state = reduce(this.#state, { type: 'snapshot', now: this.#options.now() }, this.#latest);
    this.#look();
    this.#showAwaited(snapshot);
  }

  /** Rows that a key asked for are shown when they come. */
  #showAwaited({ timeline: { query } }: Snapshot): void {
    if (!this.#isAwaited || this.#asked === null || !isSameQuery(query, this.#asked)) return;
    this.#isAwaited = false;
    this.#options.show();
  }

  /** One second without a snapshot; true when that is worth a word. A replay is silent while it is paused. */
  secondPassed(): boolean {
    if (this.#latest === null || this.#latest.mode === 'replay' || this.#state.drill?.over) return false;
    this.#state = reduce(this.#state, { type: 'second' }, this.#latest);
    return silence(this.#state) !== null;
  }

  /** The terminal has another size now. */
  resize(): void {
    this.#look();
    this.#fetchDetail();
    this.#options.show();
  }

  /** Asks for other rows of the timeline when what is looked at has changed. */
  #look(): void {
    const query = queryOf(this.#state, this.#whole, this.#timelineRows());
    if (this.#asked !== null && isSameQuery(query, this.#asked)) return;
    this.#asked = query;
    this.#isAwaited = true;
    this.#options.controls.look(query);
  }

  /** The drill's scenario has ended: what is seen stands still. */
  end(): void {
    this.#dispatch({ type: 'over' });
  }

  /** Keys of one read, in order. */
  press(input: string, key: Key, suspend: Suspend): void {
    const replay = this.#latest?.mode === 'replay';
    for (const pressed of keysOf(input, key)) {
      const top = topMode(this.#state).mode;
      const action = actionFor(pressed.key, top, replay, phaseOf(this.#state));
      if (action !== null) this.#perform(action, suspend);
      else if (pressed.text !== '') this.#dispatch({ type: 'typed', text: pressed.text });
    }
  }

  /** Pasted text is only ever typed: no key in it acts. */
  paste(text: string): void {
    const isDialog = topMode(this.#state).mode === 'escalate';
    this.#dispatch({ type: 'typed', text: pastedText(text, isDialog) });
  }

  #dispatch(event: UiAction): void {
    if (this.#latest === null) return;
    const before = phaseOf(this.#state);
    this.#state = reduce(this.#state, event, this.#latest);
    // The veil has fallen: what was known all along is seen now.
    if (this.#whole !== null && phaseOf(this.#state) !== before) this.#latest = visible(this.#whole, this.#state);
    this.#fetchDetail();
    this.#fetchPreview();
    this.#look();
    this.#options.show();
  }

  #toast(text: string, ok: boolean): void {
    this.#dispatch({ type: 'toast', text, role: ok ? 'good' : 'warning', now: this.#options.now() });
  }

  /** What is shown of the opened fact is asked for, one question at a time; answers about another fact are dropped by `reduce`. */
  #fetchDetail(): void {
    const top = topMode(this.#state);
    if (top.mode !== 'frame') this.#fetched = '';
    if (top.mode !== 'frame' || this.#fetching || this.#latest === null) return;
    const { seq } = top;
    const window = bodyWanted(this.#view(this.#latest), this.#readingRoom(this.#latest), seq);
    const wanted = JSON.stringify([seq, window]);
    if (window === null || wanted === this.#fetched) return;
    this.#fetched = wanted;
    this.#fetching = true;
    const done = (detail: FactDetail | null): void => {
      this.#fetching = false;
      this.#dispatch({ type: 'detail', seq, detail });
    };
    this.#options.controls.detail(seq, window).then(done, () => done(null));
  }

  /** The packet as it would be follows what is typed: one question at a time, the newest last. */
  #fetchPreview(): void {
    const top = topMode(this.#state);
    if (top.mode !== 'escalate') {
      this.#previewed = '';
      return;
    }
    const { findingKey } = top.form;
    const request = requestOf(top.form);
    const wanted = JSON.stringify(request);
    if (this.#previewing || wanted === this.#previewed || top.form.writing) return;
    this.#previewed = wanted;
    this.#previewing = true;
    const done = (preview: PacketPreview | null, problem: string): void => {
      this.#previewing = false;
      this.#dispatch({ type: 'preview', preview, problem });
    };
    this.#options.controls.act({ action: 'escalate-preview', findingKey, request }).then(
      (outcome) => (outcome.ok ? done(outcome.preview ?? null, '') : done(null, outcome.message)),
      (error: unknown) => done(null, crashText(error).split('\n')[0] ?? ''),
    );
  }

  #send(asked: Asked): void {
    if (asked.ask === 'nothing') return this.#toast(asked.why, false);
    if (asked.ask === 'confirm') {
      const { title, lines, act } = asked;
      return this.#dispatch({ type: 'message', title, lines, tone: 'strong', confirm: act });
    }
    const { title, dialog, act } = asked;
    const { controls, now } = this.#options;
    // What ends in a dialog may take its time.
    if (dialog)
      this.#dispatch({ type: 'toast', text: `${title}: under way`, role: 'dim', now: Number.POSITIVE_INFINITY });
    controls.act(act).then(
      (outcome) => {
        // The replay bar shows what came of its keys.
        if (outcome.ok && act.action.startsWith('replay-')) return;
        this.#dispatch({ type: 'outcome', title, outcome, now: now(), dialog });
      },
      (error: unknown) => {
        const outcome = { ok: false, message: crashText(error).split('\n')[0] ?? title } as const;
        this.#dispatch({ type: 'outcome', title, outcome, now: now(), dialog });
      },
    );
  }

  #copy(): void {
    if (this.#latest === null) return;
    const top = topMode(this.#state);
    if (top.mode === 'frame') return this.#copyFact(top.seq);
    const what = copied(this.#view(this.#latest));
    if (what === null) this.#toast('nothing to copy here', false);
    else this.#toClipboard(what);
  }

  /** Of an opened fact only what is looked at is at hand: for a copy all of it is asked for. */
  #copyFact(seq: number): void {
    const done = (detail: FactDetail | null): void => {
      const shown = visibleDetail(detail, this.#state);
      if (shown === null) this.#toast(`fact #${seq} is no longer held`, false);
      else this.#toClipboard(factCopied(shown, this.#state.privacy));
    };
    this.#options.controls.detail(seq, COPIED_BODY).then(done, () => done(null));
  }

  #toClipboard({ what, text }: Copied): void {
    const { terminal } = this.#options;
    const { sequence, message, ok } = osc52(text, what, terminal.insideTmux);
    if (sequence !== '') terminal.write(sequence);
    this.#toast(message, ok);
  }

  #perform(action: KeyAction, suspend: Suspend): void {
    if (action === 'quit') return this.#options.quit();
    if (action === 'next-drill') return this.#options.nextDrill();
    if (action === 'suspend') return this.#options.suspend(suspend);
    if (action === 'copy') return this.#copy();
    if (this.#latest === null) return;
    const asked = askedBy(action, this.#state, this.#latest);
    const top = topMode(this.#state).mode;
    // What was typed or confirmed leaves its mode, whatever comes of it.
    if (asked === null || top === 'time' || top === 'mark' || top === 'message' || top === 'escalate')
      this.#onScreen(action === 'confirm' ? 'back' : action);
    if (asked !== null) this.#send(asked);
  }

  #onScreen(action: KeyAction): void {
    const { terminal, now } = this.#options;
    const [panes, rows, scrollMax] = [panesOnRung(terminal.size()), this.#pageRows(), this.#scrollMax()];
    this.#dispatch({ type: 'key', action, panes, rows, scrollMax, now: now() });
  }

  #view(latest: Snapshot): View {
    return viewOf(latest, this.#state, this.#options.now());
  }

  /** The inside of what is read with the screen to itself. */
  #readingRoom(latest: Snapshot): Room {
    const size = this.#options.terminal.size();
    const { columns: width, rows: height } = size;
    return roomIn(layout(size, latest, this.#state).overlay ?? { x: 0, y: 0, width, height });
  }

  #scrollMax(): number {
    if (this.#latest === null) return 0;
    return readingRows(this.#view(this.#latest), this.#readingRoom(this.#latest))?.scrollMax ?? 0;
  }

  /** Lines of the timeline at this size; when something else has its place, those of the whole screen. */
  #timelineRows(): number {
    const size = this.#options.terminal.size();
    if (this.#latest === null) return size.rows;
    const placed = layout(size, this.#latest, this.#state).panes.find(({ id }) => id === 'timeline');
    return Math.max(1, (placed?.rect.height ?? size.rows) - 2);
  }

  /** Lines of one page of what keys move in. */
  #pageRows(): number {
    if (this.#latest === null) return 1;
    const plan = layout(this.#options.terminal.size(), this.#latest, this.#state);
    const rect = plan.overlay ?? plan.panes.find(({ id }) => id === activePane(this.#state))?.rect;
    return Math.max(1, (rect?.height ?? 3) - 3);
  }
}

function isSameQuery(a: TimelineQuery, b: TimelineQuery): boolean {
  const isSamePlace = a.place === b.place && a.rows === b.rows && a.upTo === b.upTo;
  return isSamePlace && a.filter === b.filter && a.findings === b.findings;
}
