import type { NewEvent } from '../../storage/event.ts';

/** Maximum size of one append; the limit of EventStoreDB 24.10. */
export const MAX_APPEND_BYTES = 1024 * 1024;

const BYTES_PER_UTF16_UNIT = 2;

/** Returns the bytes that an event adds to the size of an append. */
export const appendBytesOf = ({ type, data, metadata }: NewEvent): number =>
  data.length + metadata.length + BYTES_PER_UTF16_UNIT * type.length;
