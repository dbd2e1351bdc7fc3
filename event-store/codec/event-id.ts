import { hash } from 'node:crypto';

/**
 * Returns the id of an event: a name-based UUID (RFC 9562, version 8, SHA-256). `index` counts the events of the command;
 * `serialised` is type, data and metadata as they are written. A retry has the ids of the first attempt, and an id never has
 * two different contents.
 */
export function eventId(commandId: string, stream: string, index: number, serialised: string): string {
  // As JSON, the first parts cannot run into each other, so one hash of the whole text is enough.
  return uuidFromName(`${JSON.stringify([commandId, stream, index])}${serialised}`);
}

/** Returns a UUID (RFC 9562, version 8). The same name always has the same UUID. */
export function uuidFromName(name: string): string {
  const hex = hash('sha256', name, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
