import type { Request, Response } from 'express';
import type { Admission } from './limits/admission.ts';
import type { RateLimit } from './limits/rate-limit.ts';
import { IncomingRequest } from './request/incoming-request.ts';
import { createInputReader, rejectRepeatedHeaders } from './request/read-input.ts';
import { Forbidden, ResourceNotFound } from './response/errors.ts';
import { hideDuration } from './response/hide-duration.ts';
import { sendResponse } from './response/send-response.ts';
import type { Caller, Role, Route } from './route.ts';
import { bearerToken, type VerifyToken } from './tokens/tokens.ts';

export interface RouteDependencies {
  readonly verify: VerifyToken;
  readonly rateLimit: RateLimit | undefined;
  readonly admission: Admission;
  /** Aborts when the process stops: streams end. */
  readonly stopping: AbortSignal | undefined;
}

/** Creates the express handler of a route. It rejects with an error of `response/errors.ts`, or with one of the route. */
export function createRouteHandler(route: Route, dependencies: RouteDependencies) {
  const { verify, rateLimit, admission, stopping } = dependencies;
  const readInput = createInputReader(route);

  return async (req: Request, res: Response): Promise<void> => {
    rejectRepeatedHeaders(req);
    const { caller, expiresAt } = verify(bearerToken(req.headers.authorization));
    res.locals.callerRole = caller.role;
    checkRole(caller, route.roles);
    if (rateLimit !== undefined) await rateLimit(caller.sub);
    const input = await readInput(req, res, caller);
    const request = new IncomingRequest(req, res, caller, input, stopping);
    // After the body has arrived, so that a slow client does not take a place from others.
    await admission.enter();
    const startedAt = performance.now();
    const response = await callHandler(route, request)
      .finally(() => admission.leave())
      .catch((error: unknown) => rethrow(error, caller, startedAt));
    // A stream ends when its token expires.
    if (response.stream !== undefined) request.endAt(expiresAt);
    if (!res.destroyed) await sendResponse(res, response, request);
  };
}

function checkRole({ role }: Caller, roles: readonly Role[] | undefined): void {
  if (roles !== undefined && !roles.includes(role))
    throw new Forbidden(`the role ${roles.join(' or ')} is required; the token has ${role}`);
}

/** Turns an error that a handler throws synchronously into a rejection. */
const callHandler = async (route: Route, request: IncomingRequest) => route.handle(request);

/** Rethrows the error. Delays a customer's 404: its time must not reveal that another customer's resource exists. */
async function rethrow(error: unknown, { role }: Caller, startedAt: number): Promise<never> {
  if (role === 'customer' && error instanceof ResourceNotFound) await hideDuration(startedAt);
  throw error;
}
