import type { EventStore } from '../../event-store/event-store.ts';
import { isSession, type SessionDocument, type SessionsBody } from '../../projections/sessions/document.ts';
import { sessionsProjection } from '../../projections/sessions/projection.ts';

/** Returns the sessions of a user as the read model lists them, folded from the log. */
export async function sessionsInLog(store: EventStore, userId: string): Promise<SessionDocument[]> {
  const bodies = new Map<string, SessionsBody>();
  for await (const recorded of store.readAll({ prefixes: ['session-'] }))
    for (const [id, body] of sessionsProjection.evolve((id) => bodies.get(id), recorded))
      bodies.set(id, body);
  return [...bodies.values()]
    .filter(isSession)
    .filter(({ listedFor }) => listedFor === userId)
    .sort((a, b) => (a.startedAt > b.startedAt ? -1 : 1));
}
