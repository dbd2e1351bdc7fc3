import { describe, expect, it } from 'vitest';
import type { DueDeadline } from '../projections/deadlines/queries.ts';
import { observedWaits } from './observed-waits.ts';

const due = (waitingFor: DueDeadline['waitingFor'], deadlineId = 'd-1'): DueDeadline => ({
  orderId: 'o-1',
  deadlineId,
  waitingFor,
  attempt: 1,
  setAt: '2026-01-05T09:59:57.000Z',
  dueAt: '2026-01-05T10:00:00.000Z',
});

/** Returns the observations of a process, and its elapsed time. */
function observing() {
  const passed = { ms: 0 };
  return { passed, ...observedWaits({ lastsMs: () => 3_000, elapsed: () => passed.ms }) };
}

describe('a wait for a payment', () => {
  it('is over for the process that recorded it when its length has passed in that process', () => {
    const { began, isOver, passed } = observing();
    began('d-1');
    passed.ms = 2_999;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 3_000;
    expect(isOver(due('payment'))).toBe(true);
  });

  it('is over for another process when its length has passed since that process first observed it', () => {
    const { isOver, passed } = observing();
    passed.ms = 50_000;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 52_999;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 53_000;
    expect(isOver(due('payment'))).toBe(true);
  });

  it('is over when the event store has recorded an event as long after it', () => {
    const { recordedAt, isOver } = observing();
    recordedAt(new Date('2026-01-05T09:59:59.999Z'));
    expect(isOver(due('payment'))).toBe(false);
    recordedAt(new Date('2026-01-05T10:00:00.000Z'));
    expect(isOver(due('payment'))).toBe(true);
  });

  it('does not begin anew when it is recorded again; the next wait does', () => {
    const { began, isOver, passed } = observing();
    began('d-1');
    passed.ms = 3_000;
    began('d-1');
    expect(isOver(due('payment'))).toBe(true);
    expect(isOver(due('payment', 'd-2'))).toBe(false);
  });
});

describe('any other wait', () => {
  it.each(['settlement', 'dispatch', 'refund', 'recall'] as const)(
    'is over when it is due, since firing too early changes nothing (%s)',
    (waitingFor) => expect(observing().isOver(due(waitingFor))).toBe(true),
  );
});
