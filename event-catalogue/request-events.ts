import { z } from 'zod';
import { defineEvent, type EventOf } from '../domain/kernel/event.ts';

const ofCommand = { commandId: z.string() };

/**
 * A request with an idempotency key was accepted, and its command not handled yet. `target` is the stream of the command,
 * `lookFrom` the revision from which its events are searched (in decimal digits), `fingerprint` the hash of its payload.
 */
export const RequestAccepted = defineEvent('RequestAccepted', 1, {
  ...ofCommand,
  target: z.string(),
  lookFrom: z.string().regex(/^\d+$/),
  fingerprint: z.string(),
});
/** The response to the request, as plain JSON. A repeated request gets it again. */
export const RequestAnswered = defineEvent('RequestAnswered', 1, { ...ofCommand, answer: z.json() });
/** The command was rejected. The key can be used again. */
export const RequestRefused = defineEvent('RequestRefused', 1, ofCommand);

export const requestEvents = [RequestAccepted, RequestAnswered, RequestRefused] as const;
export type RequestEvent = EventOf<(typeof requestEvents)[number]>;
