import { beforeEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../event-store/logger.ts';
import { parkedStepsStream } from '../../event-store/streams.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import type { DueDeadline } from '../../projections/deadlines/queries.ts';
import { createCommandHandler } from '../commands/create-command-handler.ts';
import { parking as parkingOf } from './parked/parked-steps.ts';
import { suspectedDeadlines } from './suspected-deadlines.ts';

const DUE = '2026-01-05T10:00:00.000Z';
const clock = () => new Date(DUE);
const due = (orderId: string, attempt = 3, dueAt = DUE): DueDeadline => ({
  orderId,
  deadlineId: `${orderId}-${attempt}`,
  waitingFor: 'refund',
  attempt,
  dueAt,
});
const settled = () => new Promise(setImmediate);
const never = () => new Promise<never>(() => {});

describe('a deadline', () => {
  let store: ReturnType<typeof createInMemoryEventStore>;
  beforeEach(() => {
    store = createInMemoryEventStore();
  });

  /** A process that fires deadlines; unless told otherwise each is fired at once, and leads to no call. */
  function process() {
    const fire = vi.fn<(orderId: string) => Promise<void>>(async () => undefined);
    const ended = vi.fn<(orderId: string) => Promise<void>>(async () => undefined);
    const elapsed = vi.fn(() => 0);
    const parking = parkingOf(createCommandHandler({ store: store.connectAgain() }), clock);
    const suspected = suspectedDeadlines({
      runner: { fire },
      calls: { ended },
      parking,
      clock,
      elapsed,
      logger: silent,
    });
    return {
      ...suspected,
      runs: fire,
      ended,
      elapsed,
      parking,
      /** Looks at it, and again when its mark has stood for half a minute. */
      async fireInTheEnd(deadline: DueDeadline) {
        await suspected.fire(deadline, false);
        elapsed.mockReturnValue(elapsed() + 30_000);
        const outcome = await suspected.fire(deadline, false);
        await settled();
        return outcome;
      },
    };
  }
  const marks = async () => {
    const types: string[] = [];
    for await (const { event } of store.read(parkedStepsStream)) types.push(event.type);
    return types;
  };
  /** A process that ends while it fires: nothing that it began comes to an end. */
  async function die(...deadlines: readonly DueDeadline[]): Promise<void> {
    const mortal = process();
    mortal.runs.mockImplementation(never);
    for (const deadline of deadlines) void mortal.fireInTheEnd(deadline);
    for (let n = 0; n < 20; n += 1) await settled();
  }

  it('is fired without further ado the first times, when it comes due', async () => {
    const { fire, runs } = process();
    expect(await fire(due('o-1', 2), true)).toBe('fired');
    expect(runs.mock.calls).toEqual([['o-1', 'o-1-2', true]]);
    expect(await marks()).toEqual([]);
  });

  it.each([
    ['the third time', due('o-1', 3)],
    ['long after its time', due('o-1', 1, '2026-01-05T09:58:00.000Z')],
    ['long before its time', due('o-1', 1, '2026-02-05T10:00:00.000Z')],
  ])('that is fired %s is marked until all that it set going has ended', async (_, deadline) => {
    const { fire, ended, stop } = process();
    let end = () => {};
    ended.mockImplementation(() => new Promise((resolve) => (end = resolve)));
    expect(await fire(deadline, false)).toBe('fired');
    expect(await marks()).toEqual(['StepSuspected']);
    end();
    await stop();
    expect(await marks()).toEqual(['StepSuspected', 'StepSurvived']);
  });

  it('is marked once in a process that lives through it, however often its wait is repeated', async () => {
    const { fire } = process();
    for (const attempt of [3, 4, 5]) {
      expect(await fire(due('o-1', attempt), false)).toBe('fired');
      await settled();
    }
    expect(await marks()).toEqual(['StepSuspected', 'StepSurvived']);
  });

  it('that fails is survived as well, and says so', async () => {
    const { fire, runs, stop } = process();
    runs.mockRejectedValue(new RangeError('poison'));
    await expect(fire(due('o-1'), false)).rejects.toThrow('poison');
    await stop();
    expect(await marks()).toEqual(['StepSuspected', 'StepSurvived']);
  });

  it('that ends whoever fires it is set aside after three deaths, and left alone from then on', async () => {
    for (let deaths = 0; deaths < 3; deaths += 1) await die(due('o-1', 3 + deaths));
    const { fireInTheEnd, fire, runs, parking } = process();
    await fireInTheEnd(due('o-1', 7));
    expect(await fire(due('o-1', 7), false)).toBe('aside');
    expect(runs).not.toHaveBeenCalled();
    expect(await parking.list()).toMatchObject([
      { subject: { kind: 'deadline', type: 'refund', orderId: 'o-1' }, status: 'parked' },
    ]);
  });

  it('that was marked a moment ago is left to whoever did it, and taken up when the mark stands', async () => {
    await die(due('o-1'));
    const { fire, elapsed, runs } = process();
    expect(await fire(due('o-1'), false)).toBe('later');
    elapsed.mockReturnValue(29_999);
    expect(await fire(due('o-1'), false)).toBe('later');
    expect(runs).not.toHaveBeenCalled();
    elapsed.mockReturnValue(30_000);
    await fire(due('o-1'), false);
    await settled();
    expect(runs).toHaveBeenCalledTimes(1);
    expect(await marks()).toEqual(['StepSuspected', 'StepSuspected', 'StepSurvived']);
  });

  it('that several processes come upon at once is fired by one', async () => {
    const all = [process(), process(), process(), process(), process()];
    const outcomes = await Promise.all(all.map(({ fire }) => fire(due('o-1'), false)));
    expect(outcomes.filter((outcome) => outcome === 'fired')).toHaveLength(1);
    expect(all.flatMap(({ runs }) => runs.mock.calls)).toHaveLength(1);
  });

  it('that was fired beside one that ends processes is not set aside with it', async () => {
    const [lethal, innocent] = [due('o-1'), due('o-2')];
    await die(lethal, innocent);
    // From now on one after the other: whoever dies of the first has not begun with the second.
    await die(lethal, innocent);
    await die(lethal, innocent);
    const { fireInTheEnd, runs, parking } = process();
    await Promise.all([lethal, innocent].map(fireInTheEnd));
    for (let n = 0; n < 20; n += 1) await settled();
    expect(runs.mock.calls).toEqual([['o-2', 'o-2-3', false]]);
    expect(await parking.list()).toMatchObject([{ subject: { orderId: 'o-1' } }]);
  });
});
