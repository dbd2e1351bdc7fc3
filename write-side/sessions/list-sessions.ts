import { z } from 'zod';
import { endOfSession } from '../../domain/session/state.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { isSessionRevoked } from '../../projections/sessions/revocations.ts';
import { readAccount } from './account.ts';
import type { SessionServices } from './session-services.ts';

const Time = z.iso.datetime();
const OwnSession = z.object({
  sessionId: z.string(),
  createdAt: Time,
  lastUsedAt: Time.meta({ description: 'time of the log-in or of the last refresh' }),
  userAgent: z.string().nullable(),
  current: z.boolean().meta({ description: 'whether it is the session of this request' }),
});
const OwnSessions = z.object({ items: z.array(OwnSession), next: z.null() }).meta({
  id: 'OwnSessions',
  example: {
    items: [
      {
        sessionId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63',
        createdAt: '2026-01-05T12:00:00.000Z',
        lastUsedAt: '2026-01-05T12:15:00.000Z',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
        current: true,
      },
    ],
    next: null,
  },
});

export const listSessions = ({ listSessions, lastWrite, store, cipher, clock }: SessionServices): Route =>
  defineRoute({
    method: 'get',
    path: '/api/v1/sessions',
    summary: 'The caller’s own sessions, the newest first',
    description: 'At most 200: those that have neither ended nor expired.',
    tag: 'sessions',
    responses: { 200: { description: 'the sessions', schema: OwnSessions } },
    handle: async ({ caller }) => {
      const [sessions, account] = await Promise.all([
        listSessions(caller.sub, lastWrite.position),
        readAccount(store, caller.sub),
      ]);
      const now = clock().getTime();
      const open = sessions.filter(
        (session) => now < endOfSession(session) && !isSessionRevoked(account?.revocations ?? [], session),
      );
      const items = open.map(({ sessionId, startedAt, lastUsedAt, userAgent = null }) => ({
        ...{ sessionId, createdAt: startedAt, lastUsedAt, userAgent },
        current: sessionId === caller.sessionId,
      }));
      return { status: 200, body: await cipher.decryptAll({ items, next: null }) };
    },
  });
