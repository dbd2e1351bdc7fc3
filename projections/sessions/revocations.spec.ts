import { describe, expect, it } from 'vitest';
import { isSessionRevoked, isTokenRevoked, revocationOf } from './revocations.ts';

const issuedBefore = { sessionId: 's-1', userRevision: 3 };
const issuedAfterwards = { sessionId: 's-1', userRevision: 4 };

const revocationBy = (type: string, data = {}) => {
  const revocation = revocationOf({ type, data } as never, 4n);
  return revocation === undefined ? [] : [revocation];
};

describe('an event of a user', () => {
  it.each(['UserDisabled', 'UserForgotten', 'PasswordChanged'])(
    '%s ends the sessions that began before it, and makes their access tokens invalid',
    (type) => {
      const revocations = revocationBy(type);
      expect(isSessionRevoked(revocations, issuedBefore)).toBe(true);
      expect(isTokenRevoked(revocations, issuedBefore)).toBe(true);
      expect(isSessionRevoked(revocations, issuedAfterwards)).toBe(false);
      expect(isTokenRevoked(revocations, issuedAfterwards)).toBe(false);
    },
  );

  it('PasswordChanged spares the session in which the password was changed', () => {
    const revocations = revocationBy('PasswordChanged', { keptSession: 's-1' });
    expect(isSessionRevoked(revocations, issuedBefore)).toBe(false);
    expect(isTokenRevoked(revocations, issuedBefore)).toBe(false);
    expect(isSessionRevoked(revocations, { ...issuedBefore, sessionId: 's-2' })).toBe(true);
  });

  it('RoleChanged makes access tokens invalid, and ends no session', () => {
    const revocations = revocationBy('RoleChanged');
    expect(isTokenRevoked(revocations, issuedBefore)).toBe(true);
    expect(isSessionRevoked(revocations, issuedBefore)).toBe(false);
  });

  it('ProfileChanged revokes nothing', () => expect(revocationBy('ProfileChanged')).toEqual([]));
});
