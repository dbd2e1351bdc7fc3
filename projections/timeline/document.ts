/**
 * One event of an order's story as it is stored: an order has many, so names and values are short, and what stands in the
 * document already is left out. `entryOf` in `stored-entry.ts` makes an entry of it. Never changes once written.
 */
export interface TimelineDocument {
  readonly orderId: string;
  /** Sorts as the log does (`shortKey`). */
  readonly position: string;
  /** Type. */
  readonly e: string;
  /** Stream; the order's id in it is shortened. */
  readonly s: string;
  /** Revision. */
  readonly r: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly t: number;
  /** Data; the order's id is shortened wherever it stands in a text. */
  readonly d: Readonly<Record<string, unknown>>;
  /** Causation id. */
  readonly c: string;
}

/** One event of an order's story, whichever stream it stands on. */
export interface TimelineEntry {
  readonly orderId: string;
  /** Key of its position (`positionKey`). */
  readonly position: string;
  readonly type: string;
  readonly stream: string;
  /** Of that stream; a decimal string. */
  readonly revision: string;
  /** When it was recorded, ISO 8601. */
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly causationId: string;
}
