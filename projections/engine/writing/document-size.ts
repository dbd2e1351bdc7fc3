import type { Stored } from '../../../read-store/read-store.ts';

/** Size of the document object and its cache entry. */
const DOCUMENT_BYTES = 300;
/** Size of an object, an array, or the header of a text. */
const HEADER_BYTES = 24;
const SLOT_BYTES = 8;

/** Returns roughly how many bytes a document takes in memory. */
export const documentSize = ({ id, body }: Stored<unknown>): number =>
  DOCUMENT_BYTES + bytesOf(id) + bytesOf(body);

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return SLOT_BYTES + HEADER_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return SLOT_BYTES;
  let bytes = SLOT_BYTES + HEADER_BYTES;
  // Field names are stored once for all objects of the same shape.
  for (const each of Object.values(value)) bytes += bytesOf(each);
  return bytes;
}
