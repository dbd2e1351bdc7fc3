import { z } from 'zod';
import { defineEvent, type EventOf } from '../domain/kernel/event.ts';

const ofCommand = { commandId: z.string() };

/**
 * A keyed request was taken on, before anything was done for it: where its command goes, from which revision on to look
 * for what it did (a decimal string), and the hash of its payload.
 */
export const RequestAccepted = defineEvent(
  'RequestAccepted',
  1,
  z.strictObject({
    ...ofCommand,
    target: z.string(),
    lookFrom: z.string().regex(/^\d+$/),
    fingerprint: z.string(),
  }),
);
/** The answer that was given, and will be given again: plain JSON. */
export const RequestAnswered = defineEvent(
  'RequestAnswered',
  1,
  z.strictObject({ ...ofCommand, answer: z.json() }),
);
/** It was refused, which is not remembered: the key is free again. */
export const RequestRefused = defineEvent('RequestRefused', 1, z.strictObject(ofCommand));

export const requestEvents = [RequestAccepted, RequestAnswered, RequestRefused] as const;
export type RequestEvent = EventOf<(typeof requestEvents)[number]>;
