import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Admission } from './limits/admission.ts';
import type { RateLimit } from './limits/rate-limit.ts';
import { IncomingRequest } from './request/incoming-request.ts';
import { missingBody, readJsonBody } from './request/read-json-body.ts';
import { inputErrors, parseInput, rejectUnknown } from './request/validate.ts';
import { Forbidden, InvalidBody, InvalidRequest, ResourceNotFound } from './response/errors.ts';
import { hideDuration } from './response/hide-duration.ts';
import { sendResponse } from './response/send-response.ts';
import type { Caller, Route } from './route.ts';
import { bearerToken, type VerifyToken } from './tokens/tokens.ts';

export interface RouteDependencies {
  readonly verify: VerifyToken;
  readonly rateLimit: RateLimit | undefined;
  readonly admission: Admission;
  /** Aborts when the process stops: streams end. */
  readonly stopping: AbortSignal | undefined;
}

const nothing = z.strictObject({});

/** The express handler of a route. Rejects with the kit's errors or the handler's. */
export function createRouteHandler(
  route: Route,
  { verify, rateLimit, admission, stopping }: RouteDependencies,
) {
  const { params, roles } = route;
  const query = sparing('query', rejectUnknown(route.query ?? nothing), isEmpty);
  const headers = route.headers && sparing('header', route.headers, hasNoneOf(route.headers));
  const body = route.method === 'get' ? undefined : rejectUnknown(route.body ?? nothing.optional());

  return async (req: Request, res: Response): Promise<void> => {
    refuseRepeatedHeaders(req.rawHeaders);
    const { caller, expiresAt } = verify(bearerToken(req.headers.authorization));
    res.locals.callerRole = caller.role;
    if (roles !== undefined && !roles.includes(caller.role))
      throw new Forbidden(`${roles.join(' or ')} is needed for this, not ${caller.role}`);
    if (rateLimit !== undefined) await rateLimit(caller.sub);
    const given = {
      params: params && part('path', params, req.params),
      query: query(queryOf(req)),
      headers: headers?.(req.headers),
      body: body && bodyBy(body, await readJsonBody(req, res, caller.sub)),
    };
    const request = new IncomingRequest(req, res, caller, given, stopping);
    // Not before the body has come: who sends it slowly keeps nobody else waiting.
    await admission.enter();
    const from = performance.now();
    const answer = await handledBy(route, request)
      .finally(() => admission.leave())
      .catch((error: unknown) => rethrowEvenly(error, caller, from));
    // A stream ends when its token expires.
    if (answer.stream !== undefined) request.endAt(expiresAt);
    if (!res.destroyed) await sendResponse(res, answer, request);
  };
}

/** Rethrows the error. Delays a customer's 404: its time must not reveal that another customer's resource exists. */
async function rethrowEvenly(error: unknown, { role }: Caller, from: number): Promise<never> {
  if (role === 'customer' && error instanceof ResourceNotFound) await hideDuration(from);
  throw error;
}

/** Also what a handler throws before it has a promise to reject ends its turn. */
const handledBy = async (route: Route, request: IncomingRequest) => route.handle(request);

/** What the schema makes of what is given; of nothing, which most requests give, it is made once for all of them. */
function sparing(name: 'query' | 'header', schema: z.ZodType, isNothing: (given: object) => boolean) {
  const ofNothing = schema.safeParse({});
  if (!ofNothing.success) return (given: object) => part(name, schema, given);
  const made = Object.freeze(ofNothing.data);
  return (given: object) => (isNothing(given) ? made : part(name, schema, given));
}

function hasNoneOf(schema: z.ZodType): (given: object) => boolean {
  if (!(schema instanceof z.ZodObject)) return () => false;
  const names = Object.keys(schema.shape);
  return (given) => !names.some((name) => name in given);
}

function isEmpty(given: object): boolean {
  for (const _ in given) return false;
  return true;
}

function part(name: 'path' | 'query' | 'header', schema: z.ZodType, value: unknown): unknown {
  const parsed = parseInput(schema, value);
  if (!parsed.success) throw new InvalidRequest(name, inputErrors(parsed.error));
  return parsed.data;
}

function bodyBy(schema: z.ZodType, value: unknown): unknown {
  const parsed = parseInput(schema, value);
  if (parsed.success) return parsed.data;
  if (value === undefined) throw missingBody();
  throw new InvalidBody(inputErrors(parsed.error));
}

/** Headers that take one value. Of two, Node would keep the first or join them. */
const single = new Set([
  'authorization',
  'content-type',
  'idempotency-key',
  'last-event-id',
  'orderstream-min-position',
]);

/** `raw` holds names and values in turn. Throws `InvalidRequest` for a name given twice. */
function refuseRepeatedHeaders(raw: readonly string[]): void {
  let seen = '';
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? '';
    if (!single.has(name)) continue;
    if (seen.includes(`${name}\n`))
      throw new InvalidRequest('header', [{ path: name, message: 'is given more than once' }]);
    seen += `${name}\n`;
  }
}

/** Rejects malformed percent-encoding: decoding would replace it by U+FFFD and search for that. */
function isWellEncoded(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Each name once; a name given twice says two things, and is refused. */
function queryOf(req: Request): Record<string, string> {
  const at = req.url.indexOf('?');
  if (at === -1) return {};
  const text = req.url.slice(at + 1);
  if (!isWellEncoded(text))
    throw new InvalidRequest('query', [
      {
        path: '',
        message:
          'is not well encoded: % must be followed by two hexadecimal digits, and the bytes must be UTF-8',
      },
    ]);
  const query: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in query)
      throw new InvalidRequest('query', [{ path: name, message: 'is given more than once' }]);
    query[name] = value;
  }
  return query;
}
