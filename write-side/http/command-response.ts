import { z } from 'zod';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import type { ResponseDescription, RouteResponse } from '../../platform/http/route.ts';

const decimal = z.string().regex(/^\d+$/);

/** The fields that every response to a command has. */
export const reachedFields = {
  revision: decimal.meta({
    description: 'revision of the stream that the command writes',
    example: '3',
  }),
  position: decimal.meta({
    description:
      'log position after the command: pass it to a query as Orderstream-Min-Position to read your own write',
    example: '10423',
  }),
};

const ResponseHeaders = z.object({
  ETag: z.string().meta({
    description:
      'for If-Match and If-None-Match; for items and orders the same ETag as in the query API, otherwise the revision in double quotes',
    example: '"3"',
  }),
  'Orderstream-Position': decimal,
});

/** Describes the successful response of a command for the OpenAPI document. */
export const success = (description: string, schema: z.ZodType): ResponseDescription => ({
  description,
  schema,
  headers: ResponseHeaders,
});

/** The response to a command as plain JSON, so that it can be recorded under an idempotency key. */
export interface CommandResponse {
  readonly status: 200 | 201 | 202;
  /** Position and revision are decimal strings. */
  readonly body: { readonly revision: string; readonly position: string; readonly [field: string]: unknown };
  /** Absent: the ETag is the revision. */
  readonly etag?: string;
}

/** Revision and log position after a command; undefined while its stream does not exist. */
export interface Reached {
  readonly revision: bigint | undefined;
  readonly position: Position | undefined;
}

/** Returns the response to a command. Throws `TypeError` if the stream of the command does not exist. */
export function commandResponse(
  status: 200 | 201 | 202,
  fields: Readonly<Record<string, unknown>>,
  { revision, position }: Reached,
  etag?: string,
): CommandResponse {
  if (revision === undefined || position === undefined)
    throw new TypeError('the stream of a successful command does not exist');
  const body = { ...fields, revision: String(revision), position: String(position.commit) };
  return { status, body, ...(etag !== undefined && { etag }) };
}

/** Returns the later of two positions, for a command that writes two streams. */
export const later = (a: Position | undefined, b: Position | undefined): Position | undefined =>
  a === undefined || (b !== undefined && b.commit > a.commit) ? b : a;

/** Returns the HTTP response, with the headers that every response to a command has. */
export const toRouteResponse = ({ status, body, etag }: CommandResponse): RouteResponse => ({
  status,
  body,
  headers: { etag: etag ?? `"${body.revision}"`, 'orderstream-position': body.position },
});
