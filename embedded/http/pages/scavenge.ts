import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scavenges } from '../../scavenging/scavenges.ts';
import { NIL_UUID } from '../../storage/uuid.ts';

const PATH = /^\/admin\/scavenge(?:\/([^/]+))?$/;
const ACCEPTS_JSON = /^application\/json\b/i;

/** Handles scavenge requests over HTTP, like EventStoreDB; returns false for other paths. */
export type ScavengePages = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

type Fields = Readonly<Record<string, string>>;
/** Fields are sent as JSON if the client accepts it, otherwise as text. */
type Result =
  | { readonly fields: Fields }
  | { readonly status: 400 | 404; readonly text: string }
  | { readonly allow: string };

export const createScavengePages =
  (scavenges: Scavenges): ScavengePages =>
  (request, response, url) => {
    const match = PATH.exec(url.pathname);
    if (match === null) return false;
    const [, name] = match;
    const { method } = request;
    const result = name === undefined ? start(scavenges, method, url) : stopOrShow(scavenges, method, name);
    const asJson = ACCEPTS_JSON.test(request.headers.accept ?? '');
    void Promise.resolve(result).then((ready) => send(response, ready, asJson));
    return true;
  };

function start(scavenges: Scavenges, method: string | undefined, url: URL): Result {
  if (method === 'GET') return { status: 404, text: '' };
  if (method !== 'POST') return { allow: 'POST' };
  const error = parameterError(url.searchParams);
  if (error !== undefined) return { status: 400, text: error };
  const { scavengeId, isNew } = scavenges.start();
  return isNew ? { fields: { scavengeId } } : { status: 400, text: 'Scavenge is already running' };
}

async function stopOrShow(scavenges: Scavenges, method: string | undefined, name: string): Promise<Result> {
  if (method === 'DELETE') {
    const scavengeId = await scavenges.stop(name);
    if (scavengeId === undefined) return { status: 404, text: 'Scavenge Id does not exist' };
    return { fields: { scavengeId } };
  }
  if (name !== 'current' && name !== 'last') return { allow: 'DELETE' };
  if (method !== 'GET') return { allow: 'DELETE, GET' };
  if (name === 'current') return { fields: fieldsOf(scavenges.current, '') };
  const { scavengeId, result } = scavenges.last;
  return { fields: { ...fieldsOf(scavengeId, NIL_UUID), scavengeResult: result } };
}

const fieldsOf = (scavengeId: string | undefined, missing: string) => ({
  scavengeId: scavengeId ?? missing,
  scavengeLink: scavengeId === undefined ? '' : `/admin/scavenge/${scavengeId}`,
});

/** Returns EventStoreDB's error for an invalid query. The node ignores valid values: it has no chunks and threads. */
function parameterError(query: URLSearchParams): string | undefined {
  const isWithin = (name: string, min: number, max = 2 ** 31 - 1): boolean => {
    const text = query.get(name);
    return text === null || (/^[+-]?\d+$/.test(text) && Number(text) >= min && Number(text) <= max);
  };
  if (!isWithin('startFromChunk', 0)) return 'startFromChunk must be a positive integer';
  if (!isWithin('threads', 1)) return 'threads must be a 1 or above';
  if (!isWithin('threshold', -(2 ** 31))) return 'threshold must be an integer';
  if (!isWithin('throttlePercent', 1, 100)) return 'throttlePercent must be between 1 and 100 inclusive';
  return undefined;
}

function send(response: ServerResponse, result: Result, asJson: boolean): void {
  if ('allow' in result) response.writeHead(405, { allow: result.allow }).end();
  else if ('text' in result)
    response.writeHead(result.status, { 'content-type': 'text/plain; charset=utf-8' }).end(result.text);
  else if (asJson)
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(result.fields));
  else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(asText(result.fields));
}

const asText = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${value}`)
    .join(', ');
