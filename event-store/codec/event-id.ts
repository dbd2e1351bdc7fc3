import { hash } from 'node:crypto';

/** The parts of an event's id. Two events with the same parts are the same event. */
export interface EventIdParts {
  readonly commandId: string;
  readonly stream: string;
  /** Index of the event among those of its command. */
  readonly index: number;
  /** Type, data and metadata as they are written. */
  readonly serialised: string;
}

/**
 * Returns a name-based UUID (RFC 9562, version 8, SHA-256). A retry has the ids of the first attempt, and an id never has
 * two different contents.
 */
export function eventId({ commandId, stream, index, serialised }: EventIdParts): string {
  // As JSON, the first parts cannot run into each other, so one hash of the whole text is enough.
  return uuidFromName(`${JSON.stringify([commandId, stream, index])}${serialised}`);
}

/** Returns a UUID (RFC 9562, version 8). The same name always has the same UUID. */
export function uuidFromName(name: string): string {
  const hex = hash('sha256', name, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
