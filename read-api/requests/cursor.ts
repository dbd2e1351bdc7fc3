import { createHash } from 'node:crypto';
import { z } from 'zod';
import { notValue } from '../../platform/http/request/validate.ts';
import { InvalidRequest } from '../../platform/http/response/errors.ts';
import type { IndexValue } from '../../read-store/read-store.ts';

/** Above the longest cursor that the API returns; a test compares the two. */
export const MAX_CURSOR_LENGTH = 1_024;

/** No index contains control characters or lone surrogates. */
const Key = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u);
const Content = z.array(Key).min(1);

/** The list and filters of a cursor, and the number of its values. */
export interface CursorScope {
  readonly list: string;
  readonly filters: readonly (string | undefined)[];
  /** Number of index fields that the filters leave open, and the id. */
  readonly keys: number;
}

/** Returns the end of a page as opaque text: base64url of JSON. */
export const encodeCursor = (scope: CursorScope, after: readonly IndexValue[]): string =>
  Buffer.from(JSON.stringify([nameOf(scope), ...after]), 'utf8').toString('base64url');

/**
 * Returns the values after which the page begins. Throws `InvalidRequest` for text that is not a cursor, or the cursor of
 * another list or filter. A cursor does not grant access, so a forged one reveals nothing.
 */
export function decodeCursor(scope: CursorScope, cursor: string): readonly string[] {
  const content = Content.safeParse(jsonOf(cursor));
  const [of, ...after] = content.data ?? [];
  if (of === undefined || after.length !== scope.keys)
    throw invalidCursor(`must be the "next" of an earlier response${notValue(cursor)}`);
  if (of !== nameOf(scope)) throw invalidCursor('belongs to another query');
  return after;
}

/** A short hash, so that long filters do not make long cursors. */
const nameOf = ({ list, filters }: CursorScope): string =>
  createHash('sha256')
    .update(JSON.stringify([list, ...filters.map((filter) => filter ?? null)]))
    .digest('base64url')
    .slice(0, 12);

function jsonOf(cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const invalidCursor = (message: string) => new InvalidRequest('query', [{ path: 'cursor', message }]);
