import { it } from 'vitest';
import { specOf } from '../testing/given-when-then.ts';
import { type AttemptEvent, attemptEvents, attemptsDecider, MAX_OPEN_ATTEMPTS } from './attempts.ts';

const { given } = specOf(attemptsDecider, attemptEvents);

const at = '2026-01-05T10:00:00.000Z';
const attempt: AttemptEvent = { type: 'AttemptRecorded', data: { attemptedAt: at } };
const cleared: AttemptEvent = { type: 'AttemptsCleared', data: {} };
const openAttempts = (count: number) => Array.from({ length: count }, () => attempt);
const record = { type: 'RecordAttempt', at } as const;
const clear = { type: 'ClearAttempts' } as const;

it('attempts without an end are recorded up to the third', () => {
  given().when(record).then(attempt);
  given(...openAttempts(MAX_OPEN_ATTEMPTS - 1))
    .when(record)
    .then(attempt);
  given(...openAttempts(MAX_OPEN_ATTEMPTS))
    .when(record)
    .thenNothing();
});

it('attempts are counted from zero after one has ended', () => {
  given(...openAttempts(MAX_OPEN_ATTEMPTS))
    .when(clear)
    .then(cleared);
  given(...openAttempts(MAX_OPEN_ATTEMPTS), cleared)
    .when(record)
    .then(attempt);
});

it('clearing attempts records nothing when none is open', () => {
  given().when(clear).thenNothing();
  given(attempt, cleared).when(clear).thenNothing();
});
