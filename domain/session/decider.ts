import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import type { EndSession, RefreshSession, SessionCommand, StartSession } from './commands.ts';
import { SessionNotValid } from './errors.ts';
import type { SessionEvent } from './events.ts';
import { ABSOLUTE_LIFETIME_MS, REUSE_WITHIN_MS } from './lifetimes.ts';
import {
  type ActiveSession,
  endOfSession,
  initialSession,
  noSpentTokens,
  type SessionState,
} from './state.ts';

/**
 * A log-in of a user on one client. Each refresh token is used once, and its successor derives from it. Of two clients that
 * use it at the same time, the second finds it spent, and gets the same successor. One that comes later has a copy: the
 * session ends.
 */
export const sessionDecider: Decider<SessionState, SessionCommand, SessionEvent> = {
  decide,
  evolve,
  initialState: initialSession,
};

function decide(command: SessionCommand, state: SessionState): readonly SessionEvent[] {
  switch (command.type) {
    case 'StartSession':
      return state.status === 'unknown' ? [started(command)] : [];
    case 'RefreshSession':
      return refresh(command, active(state));
    case 'EndSession':
      return state.status === 'active' ? [ended(command, state)] : [];
    default:
      return unhandled(command);
  }
}

function started({ type: _, userAgent, address, at, userRevision, ...session }: StartSession): SessionEvent {
  return {
    type: 'SessionStarted',
    data: {
      ...session,
      userRevision: String(userRevision),
      ...(userAgent !== undefined && { userAgent }),
      ...(address !== undefined && { address }),
      startedAt: at,
      expiresAt: new Date(Date.parse(at) + ABSOLUTE_LIFETIME_MS).toISOString(),
    },
  };
}

/** No events: the token was used a moment ago, and the state has the hash of the current one. */
function refresh({ presentedHash, nextHash, at }: RefreshSession, session: ActiveSession): SessionEvent[] {
  const now = Date.parse(at);
  if (now >= endOfSession(session)) throw new SessionNotValid('expired');
  const { sessionId, userId } = session;
  if (presentedHash === session.tokenHash)
    return [{ type: 'SessionRefreshed', data: { sessionId, userId, tokenHash: nextHash, refreshedAt: at } }];
  const spentAt = session.spent.get(presentedHash);
  if (spentAt === undefined) throw new SessionNotValid('unknown');
  return now - spentAt <= REUSE_WITHIN_MS ? [] : [ended({ reason: 'token-reused', at }, session)];
}

const ended = (
  { reason, at }: Pick<EndSession, 'reason' | 'at'>,
  { sessionId, userId }: ActiveSession,
): SessionEvent => ({ type: 'SessionEnded', data: { sessionId, userId, reason, endedAt: at } });

function active(state: SessionState): ActiveSession {
  if (state.status !== 'active') throw new SessionNotValid(state.status);
  return state;
}

function evolve(state: SessionState, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'SessionStarted': {
      const { sessionId, userId, userRevision, tokenHash, startedAt, expiresAt } = event.data;
      const times = { lastUsedAt: startedAt, expiresAt };
      const token = { tokenHash, spent: noSpentTokens };
      return { status: 'active', sessionId, userId, userRevision: BigInt(userRevision), ...token, ...times };
    }
    case 'SessionRefreshed': {
      if (state.status !== 'active') return state;
      const { tokenHash, refreshedAt } = event.data;
      const spent = state.spent.set(state.tokenHash, Date.parse(refreshedAt));
      return { ...state, tokenHash, spent, lastUsedAt: refreshedAt };
    }
    case 'SessionEnded': {
      const { sessionId, userId } = event.data;
      return { status: 'ended', sessionId, userId };
    }
    default:
      return unchanged(state, event);
  }
}
