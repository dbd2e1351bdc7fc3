import { DomainError } from '../kernel/domain-error.ts';

/** The session does not exist, has ended or has expired, or the refresh token is not one of it. */
export class SessionNotValid extends DomainError<{ readonly why: 'unknown' | 'ended' | 'expired' }> {
  override readonly name = 'SessionNotValid';
  readonly code = 'session-not-valid';

  constructor(why: 'unknown' | 'ended' | 'expired') {
    super(
      {
        unknown: 'the refresh token is not known: log in again',
        ended: 'the session has ended: log in again',
        expired: 'the session has expired: log in again',
      }[why],
      { why },
    );
  }
}
