import { isNamedBy } from '../../platform/http/response/etags.ts';
import { exactJson, JsonText, jsonOf } from '../../platform/http/response/json-text.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { Page, PageRequest } from '../../projections/documents/page.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { type CursorScope, decodeCursor, encodeCursor } from '../requests/cursor.ts';
import { DEFAULT_LIMIT, type Paging } from '../requests/parameters.ts';
import { onlyFields } from './field-selection.ts';

/** Responses are for one caller, and must be revalidated each time. */
const CACHING = { 'cache-control': 'private, no-cache' };

/**
 * Returns a document, or its requested fields, with the ETag; 304 when `If-None-Match` names that ETag. The ETag must
 * differ between any two states of the document.
 */
export function documentResponse(
  etag: string,
  document: Pick<Stored<object>, 'body' | 'json'>,
  request: DocumentRequest,
): RouteResponse {
  const ifNoneMatch = request.header('if-none-match');
  const headers = { ...CACHING, etag };
  return ifNoneMatch !== undefined && isNamedBy(ifNoneMatch, etag)
    ? { status: 304, headers }
    : { status: 200, headers, body: jsonBody(document, request.query.fields) };
}

/** Returns the stored JSON of a document; with `fields`, only these fields. */
const jsonBody = (
  document: Pick<Stored<object>, 'body' | 'json'>,
  fields: readonly string[] | undefined,
): object =>
  document.json === undefined || fields !== undefined
    ? new JsonText(exactJson(onlyFields(document.body, fields)))
    : new JsonText(document.json);

/** The part of a request that a document response depends on. */
export interface DocumentRequest {
  readonly query: { readonly fields?: readonly string[] | undefined };
  readonly header: (name: string) => string | undefined;
}

/** Returns the requested page of a list. Throws `InvalidRequest` for a cursor of another list or filter. */
export const pageRequest = (scope: CursorScope, { limit, cursor }: Paging): PageRequest => ({
  limit: limit ?? DEFAULT_LIMIT,
  ...(cursor === undefined ? {} : { after: decodeCursor(scope, cursor) }),
});

const FIRST = Buffer.from('{"items":[');
const LAST = Buffer.from('],"next":null}');

/** Returns the last page of a list, with complete documents. */
export const lastPageResponse = (documents: Buffer): RouteResponse => ({
  status: 200,
  headers: CACHING,
  body: new JsonText(Buffer.concat([FIRST, documents, LAST])),
});

/** Returns a page of stored documents, each with the requested fields. */
export function documentPageResponse(
  scope: CursorScope,
  { items, after }: Page<Stored<object>>,
  { fields }: DocumentRequest['query'],
): RouteResponse {
  const documents = items.map((document) => jsonOf(jsonBody(document, fields)));
  const next = after === undefined ? 'null' : JSON.stringify(encodeCursor(scope, after));
  return {
    status: 200,
    headers: CACHING,
    body: new JsonText(`{"items":[${documents.join(',')}],"next":${next}}`),
  };
}

/** Returns a page of entries, each with the requested fields. */
export const pageResponse = (
  scope: CursorScope,
  { items, after }: Page<object>,
  { fields }: DocumentRequest['query'],
): RouteResponse => ({
  status: 200,
  headers: CACHING,
  body: {
    items: items.map((item) => onlyFields(item, fields)),
    next: after === undefined ? null : encodeCursor(scope, after),
  },
});

/** Like `pageResponse`, for items with `bigint` sums. */
export function exactPageResponse(...page: Parameters<typeof pageResponse>): RouteResponse {
  const response = pageResponse(...page);
  return { ...response, body: new JsonText(exactJson(response.body)) };
}
