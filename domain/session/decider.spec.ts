import { describe, expect, it } from 'vitest';
import { customerId } from '../kernel/ids.ts';
import { specOf } from '../testing/given-when-then.ts';
import type { RefreshSession, StartSession } from './commands.ts';
import { sessionDecider } from './decider.ts';
import { SessionNotValid } from './errors.ts';
import { type SessionEvent, sessionEvents } from './events.ts';

const { given } = specOf(sessionDecider, sessionEvents);

const [first, second, third] = ['A', 'B', 'C'].map((letter) => letter.repeat(43)) as [string, string, string];
const ids = { sessionId: '01a20184-bd75-737b-b1d4-a86ccd3d3e63', userId: customerId('ann') };
const start: StartSession = {
  type: 'StartSession',
  ...ids,
  userRevision: 3n,
  tokenHash: first,
  userAgent: { personId: 'ann', ciphertext: 'c2VjcmV0' },
  at: '2026-01-05T12:00:00.000Z',
};
const started: SessionEvent = {
  type: 'SessionStarted',
  data: {
    ...ids,
    userRevision: '3',
    tokenHash: first,
    userAgent: { personId: 'ann', ciphertext: 'c2VjcmV0' },
    startedAt: '2026-01-05T12:00:00.000Z',
    expiresAt: '2026-04-05T12:00:00.000Z',
  },
};
const refresh = (presentedHash: string, nextHash: string, at: string): RefreshSession => ({
  type: 'RefreshSession',
  ...{ presentedHash, nextHash, at },
});
const refreshed = (tokenHash: string, refreshedAt: string): SessionEvent => ({
  type: 'SessionRefreshed',
  data: { ...ids, tokenHash, refreshedAt },
});
const ended = (reason: 'logged-out' | 'token-reused', endedAt: string): SessionEvent => ({
  type: 'SessionEnded',
  data: { ...ids, reason, endedAt },
});
const end = { type: 'EndSession', reason: 'logged-out', at: '2026-01-05T12:30:00.000Z' } as const;

describe('a log-in', () => {
  it('starts a session of at most 90 days', () => {
    given().when(start).then(started);
  });

  it('that is repeated starts nothing', () => {
    given(started).when(start).thenNothing();
  });
});

describe('a refresh', () => {
  it('with the current token replaces it by its successor', () => {
    given(started)
      .when(refresh(first, second, '2026-01-05T12:15:00.000Z'))
      .then(refreshed(second, '2026-01-05T12:15:00.000Z'));
  });

  it('with the token that another tab used up to 10 seconds ago changes nothing', () => {
    const used = refreshed(second, '2026-01-05T12:15:00.000Z');
    given(started, used)
      .when(refresh(first, second, '2026-01-05T12:15:00.000Z'))
      .thenNothing();
    given(started, used)
      .when(refresh(first, second, '2026-01-05T12:15:10.000Z'))
      .thenNothing();
  });

  it('with a token that was used longer ago ends the session: someone has a copy', () => {
    given(started, refreshed(second, '2026-01-05T12:15:00.000Z'))
      .when(refresh(first, second, '2026-01-05T12:15:10.001Z'))
      .then(ended('token-reused', '2026-01-05T12:15:10.001Z'));
  });

  it('with any earlier token ends the session, however many followed it', () => {
    given(
      started,
      refreshed(second, '2026-01-05T12:15:00.000Z'),
      refreshed(third, '2026-01-05T12:30:00.000Z'),
    )
      .when(refresh(first, second, '2026-01-05T12:30:01.000Z'))
      .then(ended('token-reused', '2026-01-05T12:30:01.000Z'));
  });

  it('with an unknown token is rejected and ends nothing: the id of a session is no secret', () => {
    given(started)
      .when(refresh(third, second, '2026-01-05T12:15:00.000Z'))
      .thenRejects(SessionNotValid, { why: 'unknown' });
  });

  it('is rejected after 30 days without one', () => {
    given(started)
      .when(refresh(first, second, '2026-02-04T11:59:59.999Z'))
      .then(refreshed(second, '2026-02-04T11:59:59.999Z'));
    given(started)
      .when(refresh(first, second, '2026-02-04T12:00:00.000Z'))
      .thenRejects(SessionNotValid, { why: 'expired' });
  });

  it('is rejected 90 days after the log-in, although the session is in use', () => {
    given(
      started,
      refreshed(second, '2026-02-03T12:00:00.000Z'),
      refreshed(third, '2026-03-25T12:00:00.000Z'),
    )
      .when(refresh(third, first, '2026-04-05T12:00:00.000Z'))
      .thenRejects(SessionNotValid, { why: 'expired' });
  });

  it('of a session that does not exist or has ended is rejected', () => {
    const command = refresh(first, second, '2026-01-05T12:15:00.000Z');
    given().when(command).thenRejects(SessionNotValid, { why: 'unknown' });
    given(started, ended('logged-out', '2026-01-05T12:10:00.000Z'))
      .when(command)
      .thenRejects(SessionNotValid, { why: 'ended' });
  });
});

describe('the end of a session', () => {
  it('is recorded once', () => {
    given(started).when(end).then(ended('logged-out', '2026-01-05T12:30:00.000Z'));
    given(started, ended('logged-out', '2026-01-05T12:10:00.000Z')).when(end).thenNothing();
  });

  it('of a session that does not exist changes nothing', () => {
    given().when(end).thenNothing();
    expect(given().state()).toEqual({ status: 'unknown' });
  });
});
