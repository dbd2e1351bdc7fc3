/** An event as it is handed in: not yet part of a stream. */
export interface NewEvent {
  /** A UUID in its 36-character form, in small letters. */
  readonly id: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** What the wire calls custom metadata; empty when there is none. */
  readonly metadata: Uint8Array;
}

/** An event as it is in the log. Its commit position is its prepare position. */
export interface StoredEvent extends NewEvent {
  /** Strictly increasing, not dense: like a byte offset in a log. The first is greater than 0. */
  readonly position: number;
  readonly stream: string;
  /** From 0 on without a gap; `TOMBSTONE_REVISION` for the event that ends a stream for good. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly created: number;
}

/** Stands for 2^63-1, which a number cannot hold. Write it with `revisionText`. */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

const LARGEST_INT64 = '9223372036854775807';

/** A revision as the wire has it. */
export const revisionText = (revision: number): string =>
  revision >= TOMBSTONE_REVISION ? LARGEST_INT64 : String(revision);

/** A revision from the wire (a decimal string); everything that a number cannot hold is the largest. */
export const revisionOf = (text: string): number => Math.min(Number(text), TOMBSTONE_REVISION);

export const LINK_TYPE = '$>';
export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';
