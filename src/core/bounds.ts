// Every cap and every pace of the program, with the unit in the name. Nothing grows past these.

/** Newest facts held for the timeline of a replay, as many as their payloads allow; a live run reads them from its flight recorder. */
export const TIMELINE_FACTS_MAX = 4_000;
export const TIMELINE_BYTES_MAX = 3 * 1024 * 1024;
/** Rows of the timeline in one snapshot. */
export const TIMELINE_ROWS_MAX = 300;
export const CLOSES_MAX = 50;
/** Newest tokens kept for each talker. */
export const TOKENS_MAX = 4;
export const FINDINGS_CLEARED_MAX = 60;
export const FINDING_CHANGES_MAX = 2_000;
export const EVIDENCE_LINES_MAX = 8;
export const EVIDENCE_FACTS_MAX = 20;
export const ENDPOINTS_MAX = 40;
export const ORDERS_MAX = 500;
export const FILLS_MAX = 1_000;
export const ACCOUNTS_MAX = 2_000;
export const CHANNELS_MAX = 60;
export const PRODUCTS_MAX = 500;
/** Products of one answer of the catalogue (Coinbase lists about a thousand). */
export const CATALOGUE_MAX = 5_000;
export const LATENESS_SAMPLES_MAX = 32;
export const RESPONSES_KEPT_MAX = 60;
/** A frame larger than this closes the socket (RFC 6455 code 1009 on our side). */
export const FRAME_BYTES_MAX = 32 * 1024 * 1024;
export const BODY_BYTES_MAX = 4 * 1024 * 1024;
export const BODY_START_BYTES_MAX = 2_048;
export const TEXT_SHOWN_MAX = 200;
/** Longest line the reader accepts in a recording. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;
/** Packed, but for the newest: ten minutes of 200 frames a second are 15 to 20 MB. */
export const FLIGHT_RECORDER_BYTES_MAX = 32 * 1024 * 1024;
export const FLIGHT_RECORDER_AGE_MS_MAX = 600_000;
export const WRITER_QUEUE_BYTES_MAX = 64 * 1024 * 1024;
/** Room in the engine's thread for what was just made, three semi-spaces. A live burst leaves next to nothing; a replay's log is held by reference. */
export const ENGINE_YOUNG_MB_MAX = { live: 12, replay: 24 } as const;

/** The same trouble within this time is one trouble, counted up; later it is a new one. */
export const SAME_TROUBLE_MS = 10_000;

export const TICK_EVERY_MS = 1_000;
/** A quarter of a second may be lost to a killed process: the rest of it is for a late timer, packing and the write itself. */
export const FLUSH_EVERY_MS = 100;
/** This much pending is written without waiting for the flush. */
export const FLUSH_BYTES = 256 * 1024;
export const PUBLISH_PER_SECOND = 4;

export const CONNECT_TIMEOUT_MS = 5_000;
export const UPGRADE_TIMEOUT_MS = 10_000;
export const ANSWER_TIMEOUT_MS = 10_000;
export const FIRST_TOKEN_WAIT_MS = 1_000;
export const PING_EVERY_MS = 3_000;
/** Neither frames nor pongs for this long: the connection is half-open and is ended by us. */
export const HALF_OPEN_AFTER_MS = 15_000;

export const BACKOFF_BASE_MS = 500;
export const BACKOFF_CAP_MS = 30_000;
export const PENALTY_PAUSE_MS = 60_000;
/** Control experiments are run at most this often. */
export const PROBE_EVERY_MS = 60_000;

export const TOKEN_LIFETIME_S = 120;
export const TOKEN_BACKDATED_S = 5;
export const TOKEN_RENEW_BEFORE_MS = 20_000;
