import { isNamedBy } from '../../platform/http/response/etags.ts';
import { exactJson, JsonText } from '../../platform/http/response/json-text.ts';
import type { RouteResponse } from '../../platform/http/route.ts';
import type { Page, PageRequest } from '../../projections/documents/page.ts';
import type { Stored } from '../../read-store/read-store.ts';
import { type CursorScope, decodeCursor, encodeCursor } from '../requests/cursor.ts';
import { DEFAULT_LIMIT, type Paging } from '../requests/parameters.ts';
import { onlyFields } from './field-selection.ts';

/** A document of a response; with `json` if the store provides it. */
type Shown = Pick<Stored<object>, 'body' | 'json'>;

/** Responses are for one caller, and must be revalidated each time. */
const CACHING = { 'cache-control': 'private, no-cache' };

/**
 * Returns a document, or its requested fields, with the ETag; 304 when `If-None-Match` names that ETag. The ETag must
 * differ between any two states of the document.
 */
export function documentResponse(etag: string, document: Shown, request: DocumentRequest): RouteResponse {
  const ifNoneMatch = request.header('if-none-match');
  const headers = { ...CACHING, etag };
  return ifNoneMatch !== undefined && isNamedBy(ifNoneMatch, etag)
    ? { status: 304, headers }
    : { status: 200, headers, body: new JsonText(jsonOf(document, request.query.fields)) };
}

/** Returns a document as JSON, unchanged if the store provides it; with `fields`, only these fields. */
const jsonOf = ({ json, body }: Shown, fields: readonly string[] | undefined): string =>
  json === undefined || fields !== undefined ? exactJson(onlyFields(body, fields)) : json;

/** The part of a request that a document response depends on. */
export interface DocumentRequest {
  readonly query: { readonly fields?: readonly string[] | undefined };
  readonly header: (name: string) => string | undefined;
}

/**
 * Responds with a page of a list, each document with the requested fields. `find` returns the page or, for the last page with
 * complete documents, their JSON with commas between them. Throws `InvalidRequest` for a cursor of another list or filter.
 */
export async function pageResponse(
  scope: CursorScope,
  { limit = DEFAULT_LIMIT, cursor, fields }: Paging & DocumentRequest['query'],
  find: (page: PageRequest) => Promise<Page<Shown> | Buffer>,
): Promise<RouteResponse> {
  const found = await find({ limit, after: cursor === undefined ? undefined : decodeCursor(scope, cursor) });
  const json = 'items' in found ? pageJson(scope, found, fields) : Buffer.concat([FIRST, found, LAST]);
  return { status: 200, headers: CACHING, body: new JsonText(json) };
}

const FIRST = Buffer.from('{"items":[');
const LAST = Buffer.from('],"next":null}');

function pageJson(
  scope: CursorScope,
  { items, after }: Page<Shown>,
  fields: readonly string[] | undefined,
): string {
  const documents = items.map((document) => jsonOf(document, fields));
  const next = after === undefined ? 'null' : JSON.stringify(encodeCursor(scope, after));
  return `{"items":[${documents.join(',')}],"next":${next}}`;
}
