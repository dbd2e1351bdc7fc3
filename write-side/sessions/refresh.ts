import { z } from 'zod';
import { SessionNotValid } from '../../domain/session/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { refreshSession } from './session-commands.ts';
import { LoggedIn, tokenResponse } from './session-response.ts';
import type { SessionServices } from './session-services.ts';
import { parseRefreshToken } from './tokens/refresh-token.ts';

const Refresh = z
  .strictObject({ refreshToken: z.string().max(200).optional() })
  .optional()
  .meta({ id: 'Refresh', example: {} });

/** A failed refresh deletes no cookies: another tab of the browser may have logged in since this request was sent. */
export const refresh = (services: SessionServices): Route =>
  defineRoute({
    method: 'post',
    path: '/api/v1/sessions/refresh',
    summary: 'Exchanges a refresh token for a new access token and the next refresh token',
    description:
      'Takes the refresh token from the body, or else from the cookie. Each refresh token is used once. Requests that use one at the same time, up to 10 seconds apart, all get its successor. One that comes later ends the session: someone else may have a copy.',
    tag: 'sessions',
    access: 'public',
    body: Refresh,
    responses: { 200: { description: 'refreshed', schema: LoggedIn } },
    problems: { 401: 'no refresh token, or its session is not known, has ended or has expired' },
    handle: async (request) => {
      const given = request.body?.refreshToken;
      const text = given ?? services.cookies.refreshToken(request.header('cookie'));
      const token = text === undefined ? undefined : parseRefreshToken(text);
      if (token === undefined) throw new SessionNotValid('unknown');
      const open = await refreshSession(services, request, token);
      return tokenResponse(services, open, { status: 200, inBody: given !== undefined });
    },
  });
