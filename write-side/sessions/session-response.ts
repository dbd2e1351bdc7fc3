import { z } from 'zod';
import { endOfSession } from '../../domain/session/state.ts';
import { type RouteResponse, roles } from '../../platform/http/route.ts';
import { ACCESS_SECONDS, signSessionToken } from '../../platform/http/tokens/session-token.ts';
import type { OpenSession } from './session-commands.ts';
import type { SessionServices } from './session-services.ts';
import { textOf } from './tokens/refresh-token.ts';

export const LoggedIn = z
  .object({
    user: z.object({
      userId: z.string(),
      role: z.enum(roles),
      name: z.string().nullable().meta({ description: 'null once the person is forgotten' }),
    }),
    accessToken: z.string().meta({ description: 'a JWT (ES256), for `Authorization: Bearer`' }),
    expiresIn: z.int().meta({ description: 'lifetime of the access token in seconds' }),
    refreshToken: z.string().optional().meta({ description: 'only for clients that keep it themselves' }),
  })
  .meta({
    id: 'LoggedIn',
    example: {
      user: { userId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63', role: 'customer', name: 'Ann Lee' },
      accessToken: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImstMSJ9.e30.c2lnbmF0dXJl',
      expiresIn: ACCESS_SECONDS,
    },
  });

/** Tokens must not stay in any cache (RFC 6749, 5.1). */
const NOT_CACHED = { 'cache-control': 'no-store' };

/**
 * Returns the response with the tokens of a session: in cookies, so that scripts of a page cannot read the refresh token, or
 * with `inBody` for programs, which keep it themselves.
 */
export async function tokenResponse(
  { cipher, signingKeys, cookies, publicUrl, clock }: SessionServices,
  { session, refreshToken, account }: OpenSession,
  { status, inBody }: { readonly status: 200 | 201; readonly inBody: boolean },
): Promise<RouteResponse> {
  const { userId, role } = account.user;
  const at = clock().getTime();
  const endsAt = endOfSession(session);
  const accessToken = signSessionToken(await signingKeys.current(), {
    ...{ issuer: publicUrl, role, at, endsAt },
    ...{ userId, sessionId: session.sessionId, userRevision: account.revision },
  });
  const name = (await cipher.decrypt(account.user.name)) ?? null;
  const body = { user: { userId, role, name }, accessToken, expiresIn: ACCESS_SECONDS };
  const refresh = textOf(refreshToken);
  if (inBody) return { status, headers: NOT_CACHED, body: { ...body, refreshToken: refresh } };
  const set = cookies.set({
    ...{ accessToken, accessSeconds: ACCESS_SECONDS },
    ...{ refreshToken: refresh, refreshSeconds: Math.floor((endsAt - at) / 1000) },
  });
  return { status, headers: NOT_CACHED, body, cookies: set };
}
