import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreUnavailable } from '../../../event-store/errors.ts';
import { silent } from '../../../event-store/logger.ts';
import type { DeadlineDocument } from '../../../projections/deadlines/document.ts';
import { deadlinesProjection } from '../../../projections/deadlines/projection.ts';
import type { DueTimeout } from '../../../projections/deadlines/queries.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import { sqliteReadStore } from '../../../read-store/testing/adapters.ts';
import { makeLive } from '../../../read-store/testing/make-live.ts';
import { type CrashGuard, WORKER_CRASHED } from '../parking/crash-guard.ts';
import { createTimeouts } from './timeouts.ts';

const NINE = '2026-01-05T09:00:00.000Z';
const TEN = '2026-01-05T10:00:00.000Z';
const IN_TEN_YEARS = '2036-01-05T10:00:00.000Z';

/** Puts timeouts into the read model, as the projector would: by stream, when its current one is due. */
async function model(
  readStore: ReadStore,
  due: Readonly<Record<string, string>>,
  attempt = 1,
): Promise<void> {
  const generation = await readStore.generation<DeadlineDocument>(deadlinesProjection, 1);
  const documents = Object.entries(due).map(([stream, dueAt]) => ({
    id: stream,
    position: 1n,
    body: {
      stream,
      current: {
        timeoutId: `${stream.slice(stream.indexOf('-') + 1)}-1`,
        waitingFor: 'payment',
        attempt,
        scheduledAt: dueAt,
        dueAt,
        due: Date.parse(dueAt),
      },
    },
  }));
  await generation.commit(documents, { commit: 1n, prepare: 1n });
  await makeLive(readStore, deadlinesProjection, 1);
}

const test = sqliteReadStore();
let readStore: ReadStore;
beforeEach(async () => {
  readStore = await test.open();
});
afterEach(() => test.dispose());

type TimeoutElapsed = (id: string, timeoutId: string, again?: boolean) => Promise<void>;

/** Creates the timeouts of a process manager whose streams are `fulfilment-…`, with its clocks and its parked waits. */
function watch(timeoutElapsed: TimeoutElapsed, now = TEN) {
  const clock = vi.fn(() => new Date(now));
  const parkWait = vi.fn(
    async (_id: string, _waitingFor: string, _why: unknown, _cause: unknown) => undefined,
  );
  const run = vi.fn((_workId: string, work: () => Promise<void>, _park: () => Promise<unknown>) => work());
  const elapsed = vi.fn(() => 0);
  const isOver = vi.fn((_due: DueTimeout) => true);
  const { look } = createTimeouts({
    manager: { streamOf: (id) => `fulfilment-${id}`, timeoutElapsed, parkWait },
    rules: {
      kinds: ['payment', 'dispatch'],
      maxTimeoutMs: () => 60_000,
      itemOf: (id, waitingFor) => ({
        itemId: `${waitingFor} of ${id}`,
        subject: { group: 'fulfilment', kind: 'deadline', stream: `fulfilment-${id}`, type: waitingFor },
      }),
    },
    readStore,
    guard: { run } as unknown as CrashGuard,
    clock,
    elapsed,
    isOver,
    logger: silent,
    atOnce: 2,
  });
  return { clock, parkWait, run, elapsed, isOver, look };
}

describe('a due timeout', () => {
  it('is handled, and one that is due later is not', async () => {
    await model(readStore, {
      'fulfilment-o-1': NINE,
      'fulfilment-o-2': TEN,
      'fulfilment-o-3': '2026-01-05T10:00:00.001Z',
    });
    const handle = vi.fn(async () => undefined);
    expect(await watch(handle).look()).toBe(2);
    expect(handle.mock.calls).toEqual([
      ['o-1', 'o-1-1', false],
      ['o-2', 'o-2-1', false],
    ]);
  });

  it('is ignored when its stream belongs to another workflow', async () => {
    await model(readStore, { 'gift-o-1': NINE, 'gift-o-2': IN_TEN_YEARS, 'fulfilment-o-3': TEN });
    const handle = vi.fn(async () => undefined);
    const { look, elapsed } = watch(handle);
    expect(await look()).toBe(1);
    elapsed.mockReturnValue(60_000);
    expect(await look()).toBe(0);
    expect(handle.mock.calls).toEqual([['o-3', 'o-3-1', false]]);
  });

  it('is handled only after the whole length of its wait, and does not hide other timeouts until then', async () => {
    const due = Array.from({ length: 300 }, (_, n) => [`fulfilment-o-${n}`, NINE] as const);
    await model(readStore, Object.fromEntries(due));
    const { look, isOver } = watch(async () => undefined);
    isOver.mockReturnValue(false);
    expect(await look()).toBe(0);
    isOver.mockImplementation(({ stream }) => stream === 'fulfilment-o-299');
    expect(await look()).toBe(1);
    isOver.mockReturnValue(true);
    expect(await look()).toBe(200);
    expect(await look()).toBe(99);
  });

  it('is handled once, though the read model still shows it', async () => {
    await model(readStore, { 'fulfilment-o-1': NINE });
    const handle = vi.fn(async () => undefined);
    const { look } = watch(handle);
    await look();
    expect(await look()).toBe(0);
    expect(handle).toHaveBeenCalledTimes(1);
  });
});

describe('due timeouts', () => {
  it('are handled in batches, and those that fail do not delay the others', async () => {
    const due = Array.from({ length: 450 }, (_, n) => [`fulfilment-o-${n}`, NINE] as const);
    await model(readStore, Object.fromEntries(due));
    const { look } = watch(() => Promise.reject(new RangeError('a defect')));
    expect([await look(), await look(), await look(), await look()]).toEqual([200, 200, 50, 0]);
  });
});

describe('a timeout whose handling fails', () => {
  it('is handled again after a pause, and does not delay the others', async () => {
    await model(readStore, { 'fulfilment-o-1': NINE, 'fulfilment-o-2': TEN });
    const handle = vi.fn(async (id: string) => {
      if (id === 'o-1') throw new EventStoreUnavailable('for a while');
    });
    const { look, elapsed } = watch(handle);
    expect(await look()).toBe(2);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
    expect(handle).toHaveBeenLastCalledWith('o-1', 'o-1-1', true);
  });

  it('pauses for the same time when the clock is set during the pause', async () => {
    await model(readStore, { 'fulfilment-o-1': NINE });
    const { look, clock, elapsed } = watch(() => Promise.reject(new EventStoreUnavailable('for a while')));
    expect(await look()).toBe(1);
    clock.mockReturnValue(new Date(IN_TEN_YEARS));
    expect(await look()).toBe(0);
    clock.mockReturnValue(new Date(NINE));
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
  });

  it('parks its wait and is not handled again when the error is permanent', async () => {
    await model(readStore, { 'fulfilment-o-1': NINE });
    const { look, clock, parkWait } = watch(() => Promise.reject(new RangeError('a defect')));
    expect(await look()).toBe(1);
    const why = { reason: 'permanent-error', detail: 'RangeError: a defect' };
    expect(parkWait.mock.calls).toEqual([['o-1', 'payment', why, { id: 'o-1-1' }]]);
    clock.mockReturnValue(new Date('2026-01-06T10:00:00.000Z'));
    expect(await look()).toBe(0);
  });

  it('is handled again when its wait cannot be parked', async () => {
    await model(readStore, { 'fulfilment-o-1': NINE });
    const { look, elapsed, parkWait } = watch(() => Promise.reject(new RangeError('a defect')));
    parkWait.mockRejectedValueOnce(new EventStoreUnavailable('for a while'));
    expect(await look()).toBe(1);
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
    expect(parkWait).toHaveBeenCalledTimes(2);
  });
});

describe('a timeout that crashes its workers', () => {
  it('is guarded from the third attempt on, and its wait is parked', async () => {
    const handle = vi.fn(async () => undefined);
    const { look, parkWait, run } = watch(handle);
    run.mockImplementation(async (_workId, _work, parkWork) => {
      await parkWork();
    });
    await model(readStore, { 'fulfilment-o-1': NINE }, 2);
    await look();
    expect([handle.mock.calls.length, run.mock.calls.length]).toEqual([1, 0]);
    await model(readStore, { 'fulfilment-o-2': NINE }, 3);
    await look();
    expect([handle.mock.calls.length, run.mock.calls.length]).toEqual([1, 1]);
    expect(run.mock.calls.map(([workId]) => workId)).toEqual(['payment of o-2-timeout']);
    expect(parkWait.mock.calls).toEqual([['o-2', 'payment', WORKER_CRASHED, { id: 'o-2-1' }]]);
    expect(await look()).toBe(0);
  });
});

describe('a timeout that a wrong clock has scheduled', () => {
  it('is handled once, when the process has observed it for the maximum length of its wait', async () => {
    await model(readStore, { 'fulfilment-o-1': IN_TEN_YEARS, 'fulfilment-o-2': '2026-01-05T10:01:00.000Z' });
    const handle = vi.fn(async () => undefined);
    const { look, elapsed } = watch(handle);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(59_999);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(60_000);
    expect(await look()).toBe(1);
    expect(handle.mock.calls).toEqual([['o-1', 'o-1-1', false]]);
    elapsed.mockReturnValue(200_000);
    expect(await look()).toBe(0);
  });

  it('is not handled early because another one was observed before', async () => {
    await model(readStore, { 'fulfilment-o-1': IN_TEN_YEARS });
    const handle = vi.fn(async () => undefined);
    const { look, elapsed } = watch(handle);
    await look();
    await model(readStore, { 'fulfilment-o-2': IN_TEN_YEARS });
    elapsed.mockReturnValue(30_000);
    await look();
    elapsed.mockReturnValue(60_000);
    expect(await look()).toBe(1);
    expect(handle.mock.calls).toEqual([['o-1', 'o-1-1', false]]);
  });
});
