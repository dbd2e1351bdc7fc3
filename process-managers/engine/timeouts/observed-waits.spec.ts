import { describe, expect, it } from 'vitest';
import type { DueTimeout } from '../../../projections/deadlines/queries.ts';
import { createObservedWaits } from './observed-waits.ts';

const due = (waitingFor: string, timeoutId = 'd-1'): DueTimeout => ({
  stream: 'fulfilment-o-1',
  timeoutId,
  waitingFor,
  attempt: 1,
  scheduledAt: '2026-01-05T09:59:57.000Z',
  dueAt: '2026-01-05T10:00:00.000Z',
});

/** The length of the first wait of the order o-1 for its payment; any other would be over at once. */
const timeoutMs = ({ id, attempt }: { readonly id: string; readonly attempt: number }) =>
  id === 'o-1' && attempt === 1 ? 3_000 : 0;
const rules = { mustLast: (waitingFor: string) => waitingFor === 'payment', timeoutMs };

/** Returns the observations of a process, and its elapsed time. */
function observing() {
  const passed = { ms: 0 };
  const { began, recordedAt, isOver } = createObservedWaits(() => passed.ms);
  return { passed, began, recordedAt, isOver: (timeout: DueTimeout) => isOver(timeout, rules) };
}

describe('the timeout of a payment, which may elapse only after its whole length', () => {
  it('elapses in the process that scheduled it once its length has passed there', () => {
    const { began, isOver, passed } = observing();
    began('d-1');
    passed.ms = 2_999;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 3_000;
    expect(isOver(due('payment'))).toBe(true);
  });

  it('elapses in another process once its length has passed since that process first observed it', () => {
    const { isOver, passed } = observing();
    passed.ms = 50_000;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 52_999;
    expect(isOver(due('payment'))).toBe(false);
    passed.ms = 53_000;
    expect(isOver(due('payment'))).toBe(true);
  });

  it('elapses when the event store has recorded an event with a later time than its end', () => {
    const { recordedAt, isOver } = observing();
    recordedAt(new Date('2026-01-05T09:59:59.999Z'));
    expect(isOver(due('payment'))).toBe(false);
    recordedAt(new Date('2026-01-05T10:00:00.000Z'));
    expect(isOver(due('payment'))).toBe(true);
  });

  it('begins once, also when its scheduling is reported twice, and the next timeout begins separately', () => {
    const { began, isOver, passed } = observing();
    began('d-1');
    passed.ms = 3_000;
    began('d-1');
    expect(isOver(due('payment'))).toBe(true);
    expect(isOver(due('payment', 'd-2'))).toBe(false);
  });
});

describe('the timeout of any other wait', () => {
  it.each(['settlement', 'dispatch', 'refund', 'recall'])(
    'elapses when it is due, since a timeout that comes too early only repeats a call: %s',
    (waitingFor) => expect(observing().isOver(due(waitingFor))).toBe(true),
  );
});
