import type { Stored } from '../../../read-store/read-store.ts';

/** Of the document itself and its place in a cache. */
const DOCUMENT_BYTES = 300;
/** Of an object, an array, or a text's beginning. */
const HEADER_BYTES = 24;
const SLOT_BYTES = 8;

/** About how many bytes a document takes in memory. */
export const documentSize = ({ id, body }: Stored<unknown>): number =>
  DOCUMENT_BYTES + bytesOf(id) + bytesOf(body);

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return SLOT_BYTES + HEADER_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return SLOT_BYTES;
  let bytes = SLOT_BYTES + HEADER_BYTES;
  // Names are kept once for all objects of a shape.
  for (const each of Object.values(value)) bytes += bytesOf(each);
  return bytes;
}
