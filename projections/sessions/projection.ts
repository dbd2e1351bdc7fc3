import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { defineProjection, type EventHandler, forEachType } from '../define-projection.ts';
import type { Lookup } from '../projection.ts';
import type { EventOfType } from '../shop-event.ts';
import { isSession, revocationsId, type SessionDocument, SessionsBody } from './document.ts';
import { type RevokingEvent, revocationOf, revokingTypes } from './revocations.ts';

type LaterEvent = EventOfType<'SessionRefreshed' | 'SessionEnded'>;

/** The sessions of all users, and the events of users that revoke their tokens. */
export const sessionsProjection = defineProjection({
  name: 'sessions',
  version: 2,
  document: SessionsBody,
  indexes: [
    { name: 'byUser', fields: ['listedFor', 'startedAt'], direction: 'descending' },
    { name: 'byOwner', fields: ['userId', 'startedAt'], direction: 'descending' },
    { name: 'byEnd', fields: ['ended.at'], direction: 'descending' },
    { name: 'byRevocation', fields: ['revokedAt'], direction: 'descending' },
  ],
  on: {
    SessionStarted: {
      touches: ({ event }) => [event.data.sessionId],
      evolve: (_, { event }) => new Map([[event.data.sessionId, started(event.data)]]),
    },
    SessionRefreshed: change((session, { event }) => ({ ...session, lastUsedAt: event.data.refreshedAt })),
    SessionEnded: change(({ listedFor: _, ...session }, { event, at }) => ({
      ...session,
      ended: { reason: event.data.reason, at: at.toISOString() },
    })),
    ...forEachType(revokingTypes, revoke()),
  },
});

function started(data: EventOfType<'SessionStarted'>['data']): SessionDocument {
  const { sessionId, userId, userRevision, userAgent, address, startedAt, expiresAt } = data;
  return {
    ...{ sessionId, userId, userRevision: Number(userRevision) },
    ...(userAgent !== undefined && { userAgent }),
    ...(address !== undefined && { address }),
    ...{ startedAt, lastUsedAt: startedAt, expiresAt, listedFor: userId },
  };
}

/** Returns a handler that changes a session. */
function change<Event extends LaterEvent>(
  changed: (session: SessionDocument, recorded: RecordedEvent<Event>) => SessionDocument,
): EventHandler<SessionsBody, Event> {
  return {
    touches: ({ event }) => [event.data.sessionId],
    evolve: (lookup, recorded) => {
      const { sessionId } = recorded.event.data;
      const session = sessionIn(lookup, sessionId);
      return session === undefined ? new Map() : new Map([[sessionId, changed(session, recorded)]]);
    },
  };
}

/** Returns the handler of the events that revoke tokens of a user. */
function revoke(): EventHandler<SessionsBody, RevokingEvent> {
  return {
    touches: ({ event }) => [revocationsId(event.data.userId)],
    evolve: (lookup, { event, revision, at }) => {
      const id = revocationsId(event.data.userId);
      const before = lookup(id);
      const earlier = before === undefined || isSession(before) ? [] : before.revocations;
      const revocation = revocationOf(event, revision);
      if (revocation === undefined) return new Map();
      const revocations = [...earlier, revocation];
      return new Map([[id, { revokedUser: event.data.userId, revocations, revokedAt: at.toISOString() }]]);
    },
  };
}

function sessionIn(lookup: Lookup<SessionsBody>, sessionId: string): SessionDocument | undefined {
  const body = lookup(sessionId);
  return body !== undefined && isSession(body) ? body : undefined;
}
