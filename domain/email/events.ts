import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId } from '../kernel/ids.ts';

const ofClaim = { emailHash: z.string().regex(/^[0-9a-f]{64}$/), userId: CustomerId };

/** The address belongs to this account: the claim decides which of two simultaneous sign-ups creates it. */
export const EmailClaimed = defineEvent('EmailClaimed', 1, ofClaim);
/** The account is forgotten; the address can be claimed anew. */
export const EmailReleased = defineEvent('EmailReleased', 1, ofClaim);

/** Events of an e-mail address, which is known only by its keyed hash. */
export const emailEvents = [EmailClaimed, EmailReleased] as const;
export type EmailEvent = EventOf<(typeof emailEvents)[number]>;
