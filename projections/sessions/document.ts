import { z } from 'zod';
import { PersonalData } from '../../domain/kernel/personal-data.ts';
import { SessionEnded } from '../../domain/session/events.ts';
import { type DocumentOf, Text, Time, WholeNumber } from '../documents/document-schema.ts';

/** A session. An ended one stays, so that every process learns of its end. */
export const SessionDocument = z.strictObject({
  sessionId: Text,
  userId: Text,
  /** Revision of the user's stream at the log-in. */
  userRevision: WholeNumber,
  userAgent: PersonalData.optional(),
  /** IP address of the client. */
  address: PersonalData.optional(),
  startedAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
  /** The user; absent once the session has ended, so that the index lists only the others. */
  listedFor: Text.optional(),
  ended: z.strictObject({ reason: SessionEnded.schema.shape.reason, at: Time }).optional(),
});
export type SessionDocument = DocumentOf<typeof SessionDocument>;

/** An event of a user that makes access tokens of earlier revisions invalid. */
export const Revocation = z.strictObject({
  /** Its revision in the user's stream. */
  revision: WholeNumber,
  /** Whether it also ends the sessions of earlier revisions. */
  endsSessions: z.boolean(),
  /** A session that it does not end. */
  keptSession: Text.optional(),
});
export type Revocation = DocumentOf<typeof Revocation>;

/** The revocations of a user. */
export const RevocationsDocument = z.strictObject({
  revokedUser: Text,
  revocations: z.array(Revocation),
  /** When the last one was recorded. */
  revokedAt: Time,
});
export type RevocationsDocument = DocumentOf<typeof RevocationsDocument>;

export const SessionsBody = z.union([SessionDocument, RevocationsDocument]);
export type SessionsBody = DocumentOf<typeof SessionsBody>;

export const isSession = (body: SessionsBody): body is SessionDocument => 'sessionId' in body;

/** A session's id is a UUID, so these ids never collide with those of sessions. */
export const revocationsId = (userId: string): string => `user/${userId}`;
