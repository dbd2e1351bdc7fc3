import type { Request, Response } from 'express';
import type { Admission } from './limits/admission.ts';
import type { RateLimit } from './limits/rate-limit.ts';
import type { CheckOrigin } from './request/check-origin.ts';
import { IncomingRequest, type RequestContext } from './request/incoming-request.ts';
import { createInputReader, rejectRepeatedHeaders } from './request/read-input.ts';
import { Forbidden, ResourceNotFound } from './response/errors.ts';
import { hideDuration } from './response/hide-duration.ts';
import { sendResponse } from './response/send-response.ts';
import type { Access, Caller, Role, Route } from './route.ts';
import { createAuthentication } from './tokens/authenticate.ts';
import type { EndedSessions } from './tokens/ended-sessions.ts';
import { hasSessionCookie, type SessionCookies } from './tokens/session-cookies.ts';
import type { VerifyToken } from './tokens/tokens.ts';
import type { VerifiedToken } from './tokens/verified-token.ts';

export interface RouteDependencies extends RequestContext {
  readonly verify: VerifyToken;
  readonly cookies: SessionCookies;
  readonly checkOrigin: CheckOrigin;
  readonly ended: EndedSessions | undefined;
  readonly rateLimit: RateLimit | undefined;
  readonly admission: Admission;
}

/** Creates the express handler of a route. It rejects with an error of `response/errors.ts`, or with one of the route. */
export function createRouteHandler(route: Route, dependencies: RouteDependencies) {
  const { verify, cookies, checkOrigin, rateLimit, admission } = dependencies;
  const authenticate = createAuthentication(verify, cookies, route.access);
  const readInput = createInputReader(route);

  return async (req: Request, res: Response): Promise<void> => {
    rejectRepeatedHeaders(req);
    checkOrigin(req, res);
    setCacheHeaders(req, res, route.access);
    const authenticated = authenticate(req);
    const token = authenticated instanceof Promise ? await authenticated : authenticated;
    const caller = token?.caller;
    if (caller !== undefined) {
      res.locals.callerRole = caller.role;
      checkRole(caller, route.roles);
    }
    // A space, which no `sub` has, so that no account shares the limits of an address.
    const client = caller?.sub ?? ` ${dependencies.clientAddress(req)}`;
    if (rateLimit !== undefined) await rateLimit(client);
    const input = await readInput(req, res, client);
    const request = new IncomingRequest(req, res, caller, input, dependencies);
    // After the body has arrived, so that a slow client does not take a place from others.
    if (!route.hasOwnLimit) await admission.enter();
    const startedAt = performance.now();
    const response = await callHandler(route, request)
      .finally(() => route.hasOwnLimit || admission.leave())
      .catch((error: unknown) => rethrow(error, caller, startedAt));
    if (response.stream !== undefined && token !== undefined)
      endWithToken(request, token, dependencies.ended);
    if (!res.destroyed) await sendResponse(res, response, request);
  };
}

/** A stream ends when its token expires; that of a session lives as long as the session, whose tokens are renewed. */
function endWithToken(
  request: IncomingRequest,
  { expiresAt, session }: VerifiedToken,
  ended: EndedSessions | undefined,
): void {
  request.endAt(session?.endsAt ?? expiresAt);
  if (session !== undefined && ended !== undefined) request.endWhen((end) => ended.onEnd(session, end));
}

/** Shared caches must neither keep what a cookie shows, nor mix up responses with and without a token. */
function setCacheHeaders({ headers: { cookie } }: Request, res: Response, access: Access): void {
  if (access === 'optional') res.vary('Authorization').vary('Cookie');
  if (hasSessionCookie(cookie)) res.setHeader('cache-control', 'private, no-cache');
}

function checkRole({ role }: Caller, roles: readonly Role[] | undefined): void {
  if (roles !== undefined && !roles.includes(role))
    throw new Forbidden(`the role ${roles.join(' or ')} is required; the token has ${role}`);
}

/** Turns an error that a handler throws synchronously into a rejection. */
const callHandler = async (route: Route, request: IncomingRequest) => route.handle(request);

/** Rethrows the error. Delays a customer's 404: its time must not reveal that another customer's resource exists. */
async function rethrow(error: unknown, caller: Caller | undefined, startedAt: number): Promise<never> {
  if (caller?.role === 'customer' && error instanceof ResourceNotFound) await hideDuration(startedAt);
  throw error;
}
