/** One event of an order's story, whichever stream it stands on. Never changes once written. */
export interface TimelineDocument {
  readonly orderId: string;
  /** Sorts as the log does. */
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
