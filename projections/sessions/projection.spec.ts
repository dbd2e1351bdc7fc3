import { describe, expect, it } from 'vitest';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { sessionsProjection } from './projection.ts';
import {
  laptop,
  passwordChanged,
  phone,
  roleChanged,
  sessionEnded,
  sessionRefreshed,
  sessionStarted,
  userDisabled,
} from './testing/events.ts';

const started = {
  sessionId: laptop,
  userId: 'ann',
  userRevision: 0,
  userAgent: { personId: 'ann', ciphertext: 'c2VjcmV0' },
  startedAt: '2026-03-01T12:00:00.000Z',
  lastUsedAt: '2026-03-01T12:00:00.000Z',
  expiresAt: '2026-05-30T12:00:00.000Z',
  listedFor: 'ann',
};

const logOf = (...records: Parameters<TestLog['record']>[]) => {
  const log = new TestLog();
  for (const [stream, event] of records) log.record(stream, event);
  return log.events;
};
const documentsAfter = (...records: Parameters<TestLog['record']>[]) =>
  bodies(fold(sessionsProjection, logOf(...records)));

describe('a session', () => {
  it('is listed for its user from the log-in on, with the time of its last refresh', () => {
    expect(documentsAfter([`session-${laptop}`, sessionStarted(laptop)])).toEqual({ [laptop]: started });
    expect(
      documentsAfter(
        [`session-${laptop}`, sessionStarted(laptop)],
        [`session-${laptop}`, sessionRefreshed(laptop)],
      ),
    ).toEqual({ [laptop]: { ...started, lastUsedAt: '2026-03-01T12:15:00.000Z' } });
  });

  it('is no longer listed once it has ended, and keeps the time at which the end was recorded', () => {
    const { listedFor: _, ...rest } = started;
    expect(
      documentsAfter(
        [`session-${laptop}`, sessionStarted(laptop)],
        [`session-${laptop}`, sessionEnded(laptop)],
      ),
    ).toEqual({ [laptop]: { ...rest, ended: { reason: 'logged-out', at: '2026-03-01T12:00:02.000Z' } } });
  });

  it('has no hash of a refresh token', () => {
    expect(JSON.stringify(documentsAfter([`session-${laptop}`, sessionStarted(laptop)]))).not.toContain(
      'AAAAA',
    );
  });
});

it('the events of a user that revoke tokens are kept by their revision', () => {
  expect(
    documentsAfter(
      ['user-ann', roleChanged()],
      ['user-ann', passwordChanged('ann', phone)],
      ['user-bob', userDisabled('bob')],
    ),
  ).toEqual({
    'user/ann': {
      revokedUser: 'ann',
      revocations: [
        { revision: 0, endsSessions: false },
        { revision: 1, endsSessions: true, keptSession: phone },
      ],
      revokedAt: '2026-03-01T12:00:02.000Z',
    },
    'user/bob': {
      revokedUser: 'bob',
      revocations: [{ revision: 0, endsSessions: true }],
      revokedAt: '2026-03-01T12:00:03.000Z',
    },
  });
});

it('produces the same documents after a crash', () => {
  const events = logOf(
    [`session-${laptop}`, sessionStarted(laptop)],
    [`session-${phone}`, sessionStarted(phone)],
    ['user-ann', roleChanged()],
    [`session-${laptop}`, sessionRefreshed(laptop)],
    ['user-ann', passwordChanged('ann', phone)],
    [`session-${laptop}`, sessionEnded(laptop)],
  );
  expect(differencesAfterCrashes(sessionsProjection, events)).toEqual([]);
});
