import { createHash } from 'node:crypto';

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
  const content = createHash('sha256').update(serialised).digest('hex');
  return uuidFromName(JSON.stringify([commandId, stream, index, content]));
}

/** A UUID (RFC 9562, version 8) that always follows from the same name. */
export function uuidFromName(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
