import type { Route } from '../../platform/http/route.ts';
import { CommandHeaders } from './command-headers.ts';

/** What every command route declares. */
export const commandRoute = { headers: CommandHeaders } as const;

export const keyReused = 'the Idempotency-Key was used before with another payload';

/** Adds the problems of every command to a route, for the OpenAPI document. Returns a query unchanged. */
export const withCommandProblems = (route: Route): Route =>
  route.headers !== CommandHeaders
    ? route
    : {
        ...route,
        problems: {
          412: 'If-Match names no current revision; nothing was done',
          422: keyReused,
          ...route.problems,
        },
      };
