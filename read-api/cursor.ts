import { z } from 'zod';
import { InvalidRequest } from '../platform/http/errors.ts';
import { notThis } from '../platform/http/validate.ts';
import type { IndexValue } from '../read-store/read-store.ts';

const LONGEST_KEY = 4096;

/** No index of ours holds control characters or halves of characters. */
const Key = z
  .string()
  .max(LONGEST_KEY)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u);
const Content = z.strictObject({ of: z.string(), after: z.array(Key) });

/** What a cursor belongs to: the list and its filters as they stand, and how many values lead to an entry. */
export interface CursorScope {
  readonly list: string;
  readonly filters: readonly (string | undefined)[];
  /** Fields of the index after those that the filters fix, and the id. */
  readonly keys: number;
}

/** Where a page ended, as text that is opaque to the caller: base64url of JSON. */
export const encodeCursor = (scope: CursorScope, after: readonly IndexValue[]): string =>
  Buffer.from(JSON.stringify({ of: nameOf(scope), after }), 'utf8').toString('base64url');

/**
 * Where to go on. Throws `InvalidRequest` for text that is no cursor, or one that another list or filter made. A cursor
 * only says where to begin, never what may be seen, so that a forged one gains nothing.
 */
export function decodeCursor(scope: CursorScope, cursor: string): readonly string[] {
  const content = Content.safeParse(jsonOf(cursor));
  if (!content.success || content.data.after.length !== scope.keys)
    throw refused(`is to be the "next" of an earlier answer${notThis(cursor)}`);
  if (content.data.of !== nameOf(scope)) throw refused('belongs to another query');
  return content.data.after;
}

const nameOf = ({ list, filters }: CursorScope): string =>
  JSON.stringify([list, ...filters.map((filter) => filter ?? null)]);

function jsonOf(cursor: string): unknown {
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.toString('base64url') !== cursor) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const refused = (message: string) => new InvalidRequest('query', [{ path: 'cursor', message }]);
