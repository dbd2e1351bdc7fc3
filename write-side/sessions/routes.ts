import type { Route } from '../../platform/http/route.ts';
import { endOneSession, logOut } from './end-sessions.ts';
import { jwks } from './jwks.ts';
import { listSessions } from './list-sessions.ts';
import { logIn } from './log-in.ts';
import { refresh } from './refresh.ts';
import type { SessionServices } from './session-services.ts';

/** The routes of sessions and of the keys that sign their tokens. */
export const sessionRoutes = (services: SessionServices): Route[] =>
  [refresh, logIn, listSessions, logOut, endOneSession, jwks].map((createRoute) => createRoute(services));
