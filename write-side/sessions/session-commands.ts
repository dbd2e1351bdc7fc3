import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandContext } from '../../command-handling/command-handler.ts';
import type { SessionCommand } from '../../domain/session/commands.ts';
import { SessionNotValid } from '../../domain/session/errors.ts';
import type { EndReason } from '../../domain/session/events.ts';
import type { ActiveSession, SessionState } from '../../domain/session/state.ts';
import type { Caller, RouteRequest } from '../../platform/http/route.ts';
import { isSessionRevoked } from '../../projections/sessions/revocations.ts';
import { later } from '../http/command-response.ts';
import { readAccount, type UsableAccount } from './account.ts';
import type { SessionServices } from './session-services.ts';
import {
  createRefreshToken,
  hashOf,
  type RefreshToken,
  successorOf,
  successorWithHash,
} from './tokens/refresh-token.ts';

export type SessionHttpRequest = Pick<
  RouteRequest<undefined, undefined, undefined, undefined, 'public'>,
  'clientAddress' | 'header' | 'requestId' | 'traceparent'
>;

/** A session with its current refresh token, and its user as they are now. */
export interface OpenSession {
  readonly session: ActiveSession;
  readonly refreshToken: RefreshToken;
  readonly account: UsableAccount;
}

/** Longest user agent that is kept. */
const MAX_USER_AGENT = 300;

/** Starts a session of an account whose password was checked. */
export async function startSession(
  services: SessionServices,
  request: SessionHttpRequest,
  account: UsableAccount,
): Promise<OpenSession> {
  const { cipher, clock } = services;
  const { userId, role } = account.user;
  const refreshToken = createRefreshToken(v7());
  const { sessionId } = refreshToken;
  const userAgent = request.header('user-agent')?.slice(0, MAX_USER_AGENT);
  const session = await send(
    services,
    request,
    sessionId,
    { sub: userId, role },
    {
      type: 'StartSession',
      ...{ sessionId, userId, userRevision: BigInt(account.revision) },
      tokenHash: hashOf(refreshToken),
      ...(userAgent !== undefined && { userAgent: await cipher.encrypt(userId, userAgent) }),
      address: await cipher.encrypt(userId, request.clientAddress),
      at: clock().toISOString(),
    },
  );
  if (session.status !== 'active') throw new SessionNotValid('ended');
  return { session, refreshToken, account };
}

/**
 * Exchanges a refresh token for its successor. Throws `SessionNotValid`. The user is read afterwards: whoever presents the token
 * again, also after a lost response, must find it spent or current, and never lost.
 */
export async function refreshSession(
  services: SessionServices,
  request: SessionHttpRequest,
  presented: RefreshToken,
): Promise<OpenSession> {
  const { keyStore, store, clock } = services;
  const tokenKey = await keyStore.secret('tokenKey');
  const session = await send(
    services,
    request,
    presented.sessionId,
    { sub: 'session', role: 'system' },
    {
      type: 'RefreshSession',
      presentedHash: hashOf(presented),
      nextHash: hashOf(successorOf(tokenKey, presented)),
      at: clock().toISOString(),
    },
  );
  if (session.status !== 'active') throw ended(services, session);
  // Another tab may have used the successor already: then this is the successor of that one.
  const refreshToken = successorWithHash(tokenKey, presented, session.tokenHash, session.spent.size + 1);
  if (refreshToken === undefined) throw new SessionNotValid('unknown');
  const account = await readAccount(store, session.userId);
  if (account === undefined || isRevoked(session, account)) throw new SessionNotValid('ended');
  return { session, refreshToken, account };
}

/** Ends a session. Without effect on one that has ended, or does not exist. */
export async function endSession(
  services: SessionServices,
  request: SessionHttpRequest,
  { sessionId, by, reason }: { readonly sessionId: string; readonly by: Caller; readonly reason: EndReason },
): Promise<void> {
  const at = services.clock().toISOString();
  ended(services, await send(services, request, sessionId, by, { type: 'EndSession', reason, at }));
}

/** Returns whether an event of the user has ended the session. */
export const isRevoked = (
  { sessionId, userRevision }: ActiveSession,
  { revocations }: UsableAccount,
): boolean => isSessionRevoked(revocations, { sessionId, userRevision: Number(userRevision) });

/** Tells this process of the end at once: the subscription brings it a little later. */
function ended({ onEnded }: SessionServices, session: SessionState): SessionNotValid {
  if (session.status === 'ended') onEnded(session.sessionId, session.userId);
  return new SessionNotValid(session.status === 'unknown' ? 'unknown' : 'ended');
}

async function send(
  { handler, lastWrite }: SessionServices,
  { requestId, traceparent }: SessionHttpRequest,
  sessionId: string,
  { sub, role }: CommandContext['actor'],
  command: SessionCommand,
): Promise<SessionState> {
  const commandId = randomUUID();
  const ids = { commandId, correlationId: sessionId, causationId: commandId };
  const context = { ...ids, actor: { sub, role }, requestId, traceparent };
  const presumeNew = command.type === 'StartSession';
  const target = { ...aggregate('session', sessionId), command, context, presumeNew };
  const { state, position } = await handler.handle(target);
  lastWrite.position = later(lastWrite.position, position);
  return state;
}
