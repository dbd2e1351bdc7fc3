import { describe, expect, it } from 'vitest';
import { isSessionRevoked } from './revocations.ts';
import { SessionEnds } from './session-ends.ts';

const KEEP_MS = 1_000;
const tokenOf = (sessionId: string, userRevision: number, userId = 'ann') => ({
  ...{ sessionId, userId, userRevision },
  endsAt: Number.MAX_SAFE_INTEGER,
});
const create = () => {
  let now = 0;
  const ends = new SessionEnds(KEEP_MS, () => now);
  const passes = (ms: number) => {
    now += ms;
  };
  return { ends, passes };
};

describe('a token', () => {
  it('is valid until its session ends; other sessions of the user stay', () => {
    const { ends } = create();
    ends.sessionEnded('s-1', 'ann');
    expect([ends.hasEnded(tokenOf('s-1', 0)), ends.hasEnded(tokenOf('s-2', 0))]).toEqual([true, false]);
  });

  it('is invalid when the user has changed since it was issued, and one issued afterwards is valid', () => {
    const { ends } = create();
    ends.revoked('ann', [{ revision: 5, endsSessions: true }]);
    expect([4, 5, 6].map((revision) => ends.hasEnded(tokenOf('s-1', revision)))).toEqual([
      true,
      false,
      false,
    ]);
    expect(ends.hasEnded(tokenOf('s-9', 0, 'bob'))).toBe(false);
  });

  it('of the session that changed the password stays valid', () => {
    const { ends } = create();
    ends.revoked('ann', [{ revision: 5, endsSessions: true, keptSession: 's-1' }]);
    expect([ends.hasEnded(tokenOf('s-1', 0)), ends.hasEnded(tokenOf('s-2', 0))]).toEqual([false, true]);
  });

  it('of that session is invalid all the same when another event revokes it', () => {
    const { ends } = create();
    ends.revoked('ann', [{ revision: 5, endsSessions: true, keptSession: 's-1' }]);
    ends.revoked('ann', [{ revision: 3, endsSessions: false }]);
    expect(ends.hasEnded(tokenOf('s-1', 2))).toBe(true);
    expect(ends.hasEnded(tokenOf('s-1', 3))).toBe(false);
  });
});

it('a session survives a change of role, and a change of the password if it is the kept one', () => {
  const role = { revision: 4, endsSessions: false };
  const password = { revision: 5, endsSessions: true, keptSession: 's-1' };
  expect(isSessionRevoked([role, password], { sessionId: 's-1', userRevision: 0 })).toBe(false);
  expect(isSessionRevoked([role], { sessionId: 's-2', userRevision: 0 })).toBe(false);
  expect(isSessionRevoked([role, password], { sessionId: 's-2', userRevision: 0 })).toBe(true);
  expect(isSessionRevoked([role, password], { sessionId: 's-2', userRevision: 5 })).toBe(false);
});

describe('a listener', () => {
  it('is called once, when its session ends or its user revokes it', () => {
    const { ends } = create();
    const calls: string[] = [];
    ends.onEnd(tokenOf('s-1', 0), () => calls.push('s-1'));
    ends.onEnd(tokenOf('s-2', 0), () => calls.push('s-2'));
    ends.onEnd(tokenOf('s-3', 9), () => calls.push('s-3'));
    ends.sessionEnded('s-1', 'ann');
    expect(calls).toEqual(['s-1']);
    ends.sessionEnded('s-1', 'ann');
    ends.revoked('ann', [{ revision: 5, endsSessions: true }]);
    expect(calls).toEqual(['s-1', 's-2']);
  });

  it('is called at once for a session that has ended before', () => {
    const { ends } = create();
    ends.sessionEnded('s-1', 'ann');
    const calls: string[] = [];
    ends.onEnd(tokenOf('s-1', 0), () => calls.push('s-1'));
    expect(calls).toEqual(['s-1']);
  });

  it('that was cancelled is not called', () => {
    const { ends } = create();
    const calls: string[] = [];
    ends.onEnd(tokenOf('s-1', 0), () => calls.push('s-1'))();
    ends.sessionEnded('s-1', 'ann');
    expect(calls).toEqual([]);
  });
});

it('forgets an end once the tokens from before it have expired', () => {
  const { ends, passes } = create();
  ends.sessionEnded('s-1', 'ann');
  passes(KEEP_MS - 1);
  ends.sessionEnded('s-2', 'bob');
  expect(ends.size).toBe(2);
  passes(1);
  ends.sessionEnded('s-3', 'carl');
  expect(ends.size).toBe(2);
  expect(ends.hasEnded(tokenOf('s-2', 0, 'bob'))).toBe(true);
});
