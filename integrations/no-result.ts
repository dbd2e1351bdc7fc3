/** The other party certainly did nothing: it returned 503, or the connection was refused. */
export interface Unavailable {
  readonly outcome: 'unavailable';
  readonly reason: string;
}

/** The request was sent and no response came: the other party may have acted. Repeating the call is always safe. */
export interface Unknown {
  readonly outcome: 'unknown';
  readonly reason: string;
}

export type NoResult = Unavailable | Unknown;

/** The result of a call to another party. */
export interface AnyResult {
  readonly outcome: string;
}

export const isUnavailable = (result: AnyResult): result is Unavailable => result.outcome === 'unavailable';
export const isUnknown = (result: AnyResult): result is Unknown => result.outcome === 'unknown';
