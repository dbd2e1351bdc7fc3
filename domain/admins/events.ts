import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId } from '../kernel/ids.ts';

const ofAdmin = {
  userId: CustomerId,
  /** Revision of the account's stream in decimal digits. */
  userRevision: z.string().regex(/^\d+$/),
};

/** At this revision the account is an enabled admin. */
export const AdminListed = defineEvent('AdminListed', 1, ofAdmin);
/** From this revision on the account is no enabled admin: recorded before the account changes. */
export const AdminDelisted = defineEvent('AdminDelisted', 1, ofAdmin);

/** Events of the one list of enabled admins. */
export const adminEvents = [AdminListed, AdminDelisted] as const;
export type AdminEvent = EventOf<(typeof adminEvents)[number]>;
