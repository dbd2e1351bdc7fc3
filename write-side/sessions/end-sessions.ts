import { z } from 'zod';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import { NotFound } from '../../domain/kernel/domain-error.ts';
import { ResourceNotFound } from '../../platform/http/response/errors.ts';
import { defineRoute, type Route } from '../../platform/http/route.ts';
import { endSession } from './session-commands.ts';
import type { SessionServices } from './session-services.ts';

const EXAMPLE = '01a20184-bd75-737b-b1d4-a86ccd3d3e63';
const ended = { 204: { description: 'ended, now or before' } };

export const logOut = (services: SessionServices): Route =>
  defineRoute({
    method: 'delete',
    path: '/api/v1/sessions/current',
    summary: 'Logs out: ends the session of the token',
    description: 'All tokens of the session become invalid, and the cookies are deleted.',
    tag: 'sessions',
    responses: ended,
    problems: { 404: 'the token is one for machines, which has no session' },
    handle: async (request) => {
      const { caller } = request;
      const { sessionId } = caller;
      if (sessionId === undefined) throw new NotFound('session');
      await endSession(services, request, { sessionId, by: caller, reason: 'logged-out' });
      return { status: 204, cookies: services.cookies.clear() };
    },
  });

export const endOneSession = (services: SessionServices): Route =>
  defineRoute({
    method: 'delete',
    path: '/api/v1/sessions/:sessionId',
    summary: 'Ends a session',
    description: 'A user ends their own sessions, an admin those of any user.',
    tag: 'sessions',
    params: z.strictObject({
      sessionId: z.uuid().meta({ description: 'As in the list of sessions', example: EXAMPLE }),
    }),
    responses: ended,
    problems: { 404: 'the session does not exist, or belongs to another user' },
    handle: async (request) => {
      const { caller } = request;
      const { sessionId } = request.params;
      const { state } = await readState(services.store, aggregate('session', sessionId));
      const isOwn = state.status !== 'unknown' && state.userId === caller.sub;
      if (state.status === 'unknown' || !(isOwn || caller.role === 'admin'))
        throw new ResourceNotFound('session', sessionId);
      const reason = isOwn ? 'ended-by-owner' : 'ended-by-admin';
      await endSession(services, request, { sessionId, by: caller, reason });
      return { status: 204 };
    },
  });
