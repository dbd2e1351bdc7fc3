/**
 * One stored event of an order's timeline. An order has many, so names and values are short and nothing is stored twice.
 * `entryOf` in `stored-entry.ts` converts it to an entry. Never changes once written.
 */
export interface TimelineDocument {
  readonly orderId: string;
  /** Sorts like the log (`shortKey`). */
  readonly position: string;
  /** Type. */
  readonly e: string;
  /** Stream; the order's id in it is shortened. */
  readonly s: string;
  /** Revision. */
  readonly r: string;
  /** When it was recorded, in milliseconds since 1970. */
  readonly t: number;
  /** Data; the order's id is shortened in every text. */
  readonly d: Readonly<Record<string, unknown>>;
  /** Causation id. */
  readonly c: string;
}

/** One event of an order's timeline, of any stream. */
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
