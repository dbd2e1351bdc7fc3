import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scavenges } from '../../scavenging/scavenges.ts';

const PATH = /^\/admin\/scavenge(?:\/([^/]+))?$/;
const NO_ID = '00000000-0000-0000-0000-000000000000';
const JSON_WANTED = /^application\/json\b/i;

/** Handles scavenge requests over HTTP, like EventStoreDB; returns false for other paths. */
export type AdminPages = (request: IncomingMessage, response: ServerResponse, url: URL) => boolean;

type Fields = Readonly<Record<string, string>>;
/** Fields are sent as text or as JSON, as the client accepts. */
type Answer =
  | { readonly fields: Fields }
  | { readonly status: 400 | 404; readonly text: string }
  | { readonly allow: string };

export const adminPages =
  (scavenges: Scavenges): AdminPages =>
  (request, response, url) => {
    const match = PATH.exec(url.pathname);
    if (match === null) return false;
    const [, name] = match;
    const { method } = request;
    const answer = name === undefined ? startWith(scavenges, method, url) : askFor(scavenges, method, name);
    const asJson = JSON_WANTED.test(request.headers.accept ?? '');
    void Promise.resolve(answer).then((ready) => send(response, ready, asJson));
    return true;
  };

function startWith(scavenges: Scavenges, method: string | undefined, url: URL): Answer {
  if (method === 'GET') return { status: 404, text: '' };
  if (method !== 'POST') return { allow: 'POST' };
  const wrong = wrongParameter(url.searchParams);
  if (wrong !== undefined) return { status: 400, text: wrong };
  const { scavengeId, isNew } = scavenges.start();
  return isNew ? { fields: { scavengeId } } : { status: 400, text: 'Scavenge is already running' };
}

async function askFor(scavenges: Scavenges, method: string | undefined, name: string): Promise<Answer> {
  if (method === 'DELETE') {
    const scavengeId = await scavenges.stop(name);
    if (scavengeId === undefined) return { status: 404, text: 'Scavenge Id does not exist' };
    return { fields: { scavengeId } };
  }
  if (name !== 'current' && name !== 'last') return { allow: 'DELETE' };
  if (method !== 'GET') return { allow: 'DELETE, GET' };
  if (name === 'current') return { fields: described(scavenges.current, '') };
  const { scavengeId, result } = scavenges.last;
  return { fields: { ...described(scavengeId, NO_ID), scavengeResult: result } };
}

const described = (scavengeId: string | undefined, none: string) => ({
  scavengeId: scavengeId ?? none,
  scavengeLink: scavengeId === undefined ? '' : `/admin/scavenge/${scavengeId}`,
});

/** Returns EventStoreDB's error for a bad query. The node ignores good values: it has no chunks and threads. */
function wrongParameter(query: URLSearchParams): string | undefined {
  const isWithin = (name: string, least: number, most = 2 ** 31 - 1): boolean => {
    const text = query.get(name);
    return text === null || (/^[+-]?\d+$/.test(text) && Number(text) >= least && Number(text) <= most);
  };
  if (!isWithin('startFromChunk', 0)) return 'startFromChunk must be a positive integer';
  if (!isWithin('threads', 1)) return 'threads must be a 1 or above';
  if (!isWithin('threshold', -(2 ** 31))) return 'threshold must be an integer';
  if (!isWithin('throttlePercent', 1, 100)) return 'throttlePercent must be between 1 and 100 inclusive';
  return undefined;
}

function send(response: ServerResponse, answer: Answer, asJson: boolean): void {
  if ('allow' in answer) response.writeHead(405, { allow: answer.allow }).end();
  else if ('text' in answer)
    response.writeHead(answer.status, { 'content-type': 'text/plain; charset=utf-8' }).end(answer.text);
  else if (asJson)
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(answer.fields));
  else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(asText(answer.fields));
}

const asText = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${value}`)
    .join(', ');
