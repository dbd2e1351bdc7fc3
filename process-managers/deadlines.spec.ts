import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStoreUnavailable } from '../event-store/errors.ts';
import { silent } from '../event-store/logger.ts';
import type { DeadlineDocument } from '../projections/deadlines/document.ts';
import { deadlinesProjection } from '../projections/deadlines/projection.ts';
import type { ReadStore } from '../read-store/read-store.ts';
import { sqliteReadStore } from '../read-store/testing/adapters.ts';
import { makeLive } from '../read-store/testing/make-live.ts';
import { deadlines } from './deadlines.ts';
import { type CrashGuard, WORKER_CRASHED } from './parking/crash-guard.ts';

const NINE = '2026-01-05T09:00:00.000Z';
const TEN = '2026-01-05T10:00:00.000Z';

/** Puts deadlines into the read model, as the projector would: by order, when its current one is due. */
async function model(
  readStore: ReadStore,
  due: Readonly<Record<string, string>>,
  attempt = 1,
): Promise<void> {
  const generation = await readStore.generation<DeadlineDocument>(deadlinesProjection, 1);
  const documents = Object.entries(due).map(([orderId, dueAt]) => ({
    id: orderId,
    position: 1n,
    body: {
      orderId,
      current: {
        deadlineId: `${orderId}-1`,
        waitingFor: 'payment' as const,
        attempt,
        setAt: dueAt,
        dueAt,
        due: Date.parse(dueAt),
      },
    },
  }));
  await generation.commit(documents, { commit: 1n, prepare: 1n });
  await makeLive(readStore, deadlinesProjection, 1);
}

describe('deadlines', () => {
  const test = sqliteReadStore();
  let readStore: ReadStore;
  beforeEach(async () => {
    readStore = await test.open();
  });
  afterEach(() => test.dispose());

  const watch = (fire: (orderId: string, deadlineId: string) => Promise<void>, now = TEN) => {
    const clock = vi.fn(() => new Date(now));
    const park = vi.fn(async (_: { readonly orderId: string }, _why: unknown) => undefined);
    const run = vi.fn((_workId: string, work: () => Promise<void>, _park: () => Promise<unknown>) => work());
    const guard = { run } as unknown as CrashGuard;
    const elapsed = vi.fn(() => 0);
    const isOver = vi.fn(() => true);
    const watched = { readStore, fire, park, guard, clock, longestMs: () => 60_000, elapsed, isOver };
    return { clock, park, run, elapsed, isOver, ...deadlines({ ...watched, logger: silent, atOnce: 2 }) };
  };

  it('that are due are fired, and those to come are not', async () => {
    await model(readStore, { 'o-1': NINE, 'o-2': TEN, 'o-3': '2026-01-05T10:00:00.001Z' });
    const fire = vi.fn(async () => undefined);
    expect(await watch(fire).look()).toBe(2);
    expect(fire.mock.calls).toEqual([
      ['o-1', 'o-1-1', false],
      ['o-2', 'o-2-1', false],
    ]);
  });

  it('are fired only when their wait has lasted its whole length, and do not hide others until then', async () => {
    await model(readStore, Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`o-${n}`, NINE])));
    const fire = vi.fn(async () => undefined);
    const { look, isOver } = watch(fire);
    isOver.mockReturnValue(false);
    expect(await look()).toBe(0);
    isOver.mockImplementation(((due: { orderId: string }) => due.orderId === 'o-299') as () => boolean);
    expect(await look()).toBe(1);
    isOver.mockReturnValue(true);
    expect(await look()).toBe(200);
    expect(await look()).toBe(99);
  });

  it('are fired once, though the read model still shows them', async () => {
    await model(readStore, { 'o-1': NINE });
    const fire = vi.fn(async () => undefined);
    const { look } = watch(fire);
    await look();
    expect(await look()).toBe(0);
    expect(fire).toHaveBeenCalledTimes(1);
  });

  it('that fail rest a while, keep no other waiting, and are fired again', async () => {
    await model(readStore, { 'o-1': NINE, 'o-2': TEN });
    const fire = vi.fn(async (orderId: string) => {
      if (orderId === 'o-1') throw new EventStoreUnavailable('for a while');
    });
    const { look, elapsed } = watch(fire);
    expect(await look()).toBe(2);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
    expect(fire).toHaveBeenLastCalledWith('o-1', 'o-1-1', true);
  });

  it('that fail with a permanent error are parked and not fired again', async () => {
    await model(readStore, { 'o-1': NINE });
    const fire = vi.fn(() => Promise.reject(new RangeError('poison')));
    const { look, clock, park } = watch(fire);
    expect(await look()).toBe(1);
    expect(park).toHaveBeenCalledWith(expect.objectContaining({ orderId: 'o-1' }), {
      reason: 'permanent-error',
      detail: 'RangeError: poison',
    });
    clock.mockReturnValue(new Date('2026-01-06T10:00:00.000Z'));
    expect(await look()).toBe(0);
  });

  it('are guarded from the third attempt on, and parked when firing crashed each worker', async () => {
    const fire = vi.fn(async () => undefined);
    const { look, park, run } = watch(fire);
    run.mockImplementation(async (_workId, _work, parkWork) => {
      await parkWork();
    });
    await model(readStore, { 'o-1': NINE }, 2);
    await look();
    expect([fire.mock.calls.length, run.mock.calls.length]).toEqual([1, 0]);
    await model(readStore, { 'o-2': NINE }, 3);
    await look();
    expect([fire.mock.calls.length, run.mock.calls.length]).toEqual([1, 1]);
    expect(park.mock.calls).toMatchObject([[{ orderId: 'o-2' }, WORKER_CRASHED]]);
    expect(await look()).toBe(0);
  });

  it('that cannot be parked are fired again', async () => {
    await model(readStore, { 'o-1': NINE });
    const { look, elapsed, park } = watch(() => Promise.reject(new RangeError('poison')));
    park.mockRejectedValueOnce(new EventStoreUnavailable('for a while'));
    expect(await look()).toBe(1);
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
    expect(park).toHaveBeenCalledTimes(2);
  });

  it('that fail rest for their whole pause, also when the clock is set meanwhile', async () => {
    await model(readStore, { 'o-1': NINE });
    const { look, clock, elapsed } = watch(() => Promise.reject(new EventStoreUnavailable('for a while')));
    expect(await look()).toBe(1);
    clock.mockReturnValue(new Date('2036-01-05T10:00:00.000Z'));
    expect(await look()).toBe(0);
    clock.mockReturnValue(new Date(NINE));
    elapsed.mockReturnValue(5_000);
    expect(await look()).toBe(1);
  });

  it('that a wrong clock has set are fired when they were seen for as long as any wait lasts, and once', async () => {
    await model(readStore, { 'o-1': '2036-01-05T10:00:00.000Z', 'o-2': '2026-01-05T10:01:00.000Z' });
    const fire = vi.fn(async () => undefined);
    const { look, elapsed } = watch(fire);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(59_999);
    expect(await look()).toBe(0);
    elapsed.mockReturnValue(60_000);
    expect(await look()).toBe(1);
    expect(fire.mock.calls).toEqual([['o-1', 'o-1-1', false]]);
    elapsed.mockReturnValue(200_000);
    expect(await look()).toBe(0);
  });

  it('that a wrong clock has set are not fired early because another was seen before', async () => {
    await model(readStore, { 'o-1': '2036-01-05T10:00:00.000Z' });
    const fire = vi.fn(async () => undefined);
    const { look, elapsed } = watch(fire);
    await look();
    await model(readStore, { 'o-2': '2036-01-05T10:00:00.000Z' });
    elapsed.mockReturnValue(30_000);
    await look();
    elapsed.mockReturnValue(60_000);
    expect(await look()).toBe(1);
    expect(fire.mock.calls).toEqual([['o-1', 'o-1-1', false]]);
  });

  it('are fired a batch at a time, those that fail not in the way of the rest', async () => {
    const due = Array.from({ length: 450 }, (_, n) => [`o-${n}`, NINE] as const);
    await model(readStore, Object.fromEntries(due));
    const fire = vi.fn(() => Promise.reject(new RangeError('poison')));
    const { look } = watch(fire);
    expect([await look(), await look(), await look(), await look()]).toEqual([200, 200, 50, 0]);
  });
});
