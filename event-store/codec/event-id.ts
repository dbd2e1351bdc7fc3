import { hash } from 'node:crypto';

/** What makes an event's id: the same of all four is the same event. */
export interface EventIdParts {
  readonly commandId: string;
  readonly stream: string;
  /** The event's place among those of its command. */
  readonly index: number;
  /** Type, data and metadata as they are written. */
  readonly serialised: string;
}

/**
 * A name-based UUID (RFC 9562, version 8, SHA-256): a retry carries the ids of the first try, and no id ever
 * stands for two different contents.
 */
export function eventId({ commandId, stream, index, serialised }: EventIdParts): string {
  // As JSON the first three end where they end, whatever is in them, so that one hash over all of it is enough.
  return uuidFromName(`${JSON.stringify([commandId, stream, index])}${serialised}`);
}

/** A UUID (RFC 9562, version 8) that always follows from the same name. */
export function uuidFromName(name: string): string {
  const hex = hash('sha256', name, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
