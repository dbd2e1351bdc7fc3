import type { Request, Response } from 'express';
import { z } from 'zod';
import { percentDecoded } from '../../percent-encoding.ts';
import { InvalidBody, InvalidRequest } from '../response/errors.ts';
import type { Route } from '../route.ts';
import type { Input } from './incoming-request.ts';
import { missingBody, readJsonBody } from './read-json-body.ts';
import { inputErrors, parseInput, rejectUnknown } from './validate.ts';

const nothing = z.strictObject({});

/**
 * Returns a function that reads the input of a request and validates it by the schemas of the route; `client` names whose quota
 * the body counts in. It rejects with `InvalidRequest`, `InvalidBody`, or what `readJsonBody` throws.
 */
export function createInputReader(route: Route) {
  const { params, headers, method } = route;
  const parseQuery = parserOf('query', rejectUnknown(route.query ?? nothing), isEmpty);
  const parseHeaders = headers && parserOf('header', headers, hasNoneOf(headers));
  const body = method === 'get' ? undefined : rejectUnknown(route.body ?? nothing.optional());

  return async (req: Request, res: Response, client: string): Promise<Input> => ({
    params: params && parse('path', params, req.params),
    query: parseQuery(queryOf(req)),
    headers: parseHeaders?.(req.headers),
    body: body && parseBody(body, await readJsonBody(req, res, client)),
  });
}

/** Returns a parser. Empty input, the usual case, is parsed only once. */
function parserOf(part: 'query' | 'header', schema: z.ZodType, isNothing: (input: object) => boolean) {
  const ofNothing = schema.safeParse({});
  if (!ofNothing.success) return (input: object) => parse(part, schema, input);
  const parsed = Object.freeze(ofNothing.data);
  return (input: object) => (isNothing(input) ? parsed : parse(part, schema, input));
}

function hasNoneOf(schema: z.ZodType): (input: object) => boolean {
  if (!(schema instanceof z.ZodObject)) return () => false;
  const names = Object.keys(schema.shape);
  return (input) => !names.some((name) => name in input);
}

function isEmpty(input: object): boolean {
  for (const _ in input) return false;
  return true;
}

function parse(part: 'path' | 'query' | 'header', schema: z.ZodType, value: unknown): unknown {
  const parsed = parseInput(schema, value);
  if (!parsed.success) throw new InvalidRequest(part, inputErrors(parsed.error));
  return parsed.data;
}

function parseBody(schema: z.ZodType, value: unknown): unknown {
  const parsed = parseInput(schema, value);
  if (parsed.success) return parsed.data;
  if (value === undefined) throw missingBody();
  throw new InvalidBody(inputErrors(parsed.error));
}

/** Headers with a single value. Given twice, Node would keep the first or join them. */
const SINGLE_HEADERS = [
  'authorization',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'orderstream-min-position',
];

/** Throws `InvalidRequest` for a single-value header that is given twice. */
export function rejectRepeatedHeaders({ headersDistinct }: Request): void {
  for (const name of SINGLE_HEADERS)
    if ((headersDistinct[name]?.length ?? 0) > 1) throw repeated('header', name);
}

const repeated = (part: 'query' | 'header', path: string) =>
  new InvalidRequest(part, [{ path, message: 'is given more than once' }]);

const BAD_ENCODING =
  'is not well encoded: % must be followed by two hexadecimal digits, and the bytes must be UTF-8';

/** Returns the query parameters. Throws `InvalidRequest` for a parameter given twice and for malformed encoding. */
function queryOf(req: Request): Record<string, string> {
  const at = req.url.indexOf('?');
  if (at === -1) return {};
  const text = req.url.slice(at + 1);
  // `URLSearchParams` would replace malformed encoding by U+FFFD, and the search would be for that.
  if (text.includes('%') && percentDecoded(text) === undefined)
    throw new InvalidRequest('query', [{ path: '', message: BAD_ENCODING }]);
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in query) throw repeated('query', name);
    query[name] = value;
  }
  return query;
}
