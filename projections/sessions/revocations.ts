import type { UserEvent } from '../../domain/user/events.ts';
import type { Revocation } from './document.ts';

/** The types of the events that are revocations. */
export const revokingTypes = ['PasswordChanged', 'RoleChanged', 'UserDisabled', 'UserForgotten'] as const;
export type RevokingEvent = Extract<UserEvent, { type: (typeof revokingTypes)[number] }>;

const isRevoking = (event: { readonly type: string }): event is RevokingEvent =>
  revokingTypes.some((type) => type === event.type);

/** Returns the revocation that an event of a user is; undefined for other events. */
export function revocationOf(event: { readonly type: string }, revision: bigint): Revocation | undefined {
  if (!isRevoking(event)) return undefined;
  const keptSession = event.type === 'PasswordChanged' ? event.data.keptSession : undefined;
  return {
    revision: Number(revision),
    // After a change of role, the client refreshes its token and gets the new role.
    endsSessions: event.type !== 'RoleChanged',
    ...(keptSession !== undefined && { keptSession }),
  };
}

interface Issued {
  readonly sessionId: string;
  /** Revision of the user's stream at the log-in, or when the token was issued. */
  readonly userRevision: number;
}

const revokes = ({ revision, keptSession }: Revocation, issued: Issued): boolean =>
  revision > issued.userRevision && keptSession !== issued.sessionId;

/** Returns whether the revocations make an access token invalid. */
export const isTokenRevoked = (revocations: readonly Revocation[], token: Issued): boolean =>
  revocations.some((revocation) => revokes(revocation, token));

/** Returns whether the revocations have ended a session. */
export const isSessionRevoked = (revocations: readonly Revocation[], session: Issued): boolean =>
  revocations.some((revocation) => revocation.endsSessions && revokes(revocation, session));
