import { isNamedBy } from '../../platform/http/response/etags.ts';
import { exactJson, JsonText, jsonOf } from '../../platform/http/response/json-text.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { Page, PageRequest } from '../../projections/documents/page.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { type CursorScope, decodeCursor, encodeCursor } from '../requests/cursor.ts';
import { DEFAULT_LIMIT, type Paging } from '../requests/parameters.ts';
import { onlyFields } from './field-selection.ts';

/** Answers belong to one caller, and are to be asked about anew each time. */
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
    : { status: 200, headers, body: told(document, request.query.fields) };
}

/** A document as its store has it, unless only some of its fields were asked for. */
const told = (
  document: Pick<Stored<object>, 'body' | 'json'>,
  fields: readonly string[] | undefined,
): object =>
  document.json === undefined || fields !== undefined
    ? new JsonText(exactJson(onlyFields(document.body, fields)))
    : new JsonText(document.json);

/** What a request says about the document that it wants. */
export interface DocumentRequest {
  readonly query: { readonly fields?: readonly string[] | undefined };
  readonly header: (name: string) => string | undefined;
}

/** Which page a request wants of a list. Throws `InvalidRequest` for a cursor that does not fit. */
export const pageRequest = (scope: CursorScope, { limit, cursor }: Paging): PageRequest => ({
  limit: limit ?? DEFAULT_LIMIT,
  ...(cursor === undefined ? {} : { after: decodeCursor(scope, cursor) }),
});

const FIRST = Buffer.from('{"items":[');
const LAST = Buffer.from('],"next":null}');

/** The last page of a list, of whole documents. */
export const lastPageResponse = (documents: Buffer): RouteResponse => ({
  status: 200,
  headers: CACHING,
  body: new JsonText(Buffer.concat([FIRST, documents, LAST])),
});

/** A page of documents, of each the fields that were asked for. */
export function documentPageResponse(
  scope: CursorScope,
  { items, after }: Page<Stored<object>>,
  { fields }: DocumentRequest['query'],
): RouteResponse {
  const documents = items.map((document) => jsonOf(told(document, fields)));
  const next = after === undefined ? 'null' : JSON.stringify(encodeCursor(scope, after));
  return {
    status: 200,
    headers: CACHING,
    body: new JsonText(`{"items":[${documents.join(',')}],"next":${next}}`),
  };
}

/** A page, of each entry the fields that were asked for. */
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
  const answer = pageResponse(...page);
  return { ...answer, body: new JsonText(exactJson(answer.body)) };
}
