import { CommandHeaders } from './command-headers.ts';

/** What every command route declares. */
export const commandRoute = { headers: CommandHeaders } as const;

/** The problems of every command for the OpenAPI document, to be spread into the problems of a route. */
export const commandProblemTexts = {
  412: 'If-Match names no current revision; nothing was done',
  422: 'the Idempotency-Key was used before with another payload',
} as const;
