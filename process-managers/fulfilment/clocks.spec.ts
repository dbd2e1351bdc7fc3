import { afterEach, describe, expect, it } from 'vitest';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import type { DeadlineDocument } from '../../projections/deadlines/document.ts';
import { deadlinesProjection } from '../../projections/deadlines/projection.ts';
import type { ShopEvent } from '../../projections/shop-event.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { createObservedWaits } from '../engine/timeouts/observed-waits.ts';
import { createTimeouts } from '../engine/timeouts/timeouts.ts';
import { runToRest } from './testing/deliveries.ts';
import { unavailableFor } from './testing/payments.ts';
import { createShop, ORDER, type Process, type Shop } from './testing/shop.ts';

const STREAM = fulfilmentStream(ORDER);
const policy = { firstDeadlineMs: 3_000, maxDeadlineMs: 60_000, paymentGiveUpMs: 20_000 };

async function placed(shop: Shop, process: Process): Promise<void> {
  await shop.stock('tea', 9);
  await shop.place({ tea: 4 });
  await runToRest(shop, process);
}
/** Returns the event types that the fulfilment of the order has recorded. */
const recorded = (shop: Shop) => shop.typesOf(STREAM);
const shipped = { order: 'shipped', payment: 'captured', shipment: 'dispatched', stock: { tea: [5, 0] } };

const JUMPS = [
  ['a day ahead', '2026-01-06T10:00:00.000Z'],
  ['ten years ahead', '2036-01-05T10:00:00.000Z'],
  ['a day back', '2026-01-04T10:00:00.000Z'],
  ['to 1970', '1970-01-01T00:00:00.000Z'],
] as const;

describe.each(JUMPS)('a clock that jumps %s while an order waits for its payment', (_, to) => {
  it('does not end the wait early: the order is shipped and charged once', async () => {
    const payments = unavailableFor(2);
    const shop = createShop({ payments, policy });
    const process = shop.startProcess();
    await placed(shop, process);
    expect(payments.captures()).toBe(1);

    shop.jumpTo(to);
    await runToRest(shop, process, { timeouts: 2 });
    expect(await shop.outcome('tea')).toEqual(shipped);
    expect(
      (await shop.typesOf(`payment-${ORDER}`)).filter((type) => type === 'PaymentCaptured'),
    ).toHaveLength(1);
  });

  it('does not shorten the wait when it jumps back, though the provider never responds', async () => {
    const payments = unavailableFor(Number.POSITIVE_INFINITY);
    const shop = createShop({ payments, policy });
    const process = shop.startProcess();
    await placed(shop, process);
    shop.jumpTo(to);
    await runToRest(shop, process, { timeouts: 1 });
    shop.jumpTo('2026-01-05T10:00:04.000Z');
    // Waits of 3 s, 6 s, and the rest of the 20 s.
    await runToRest(shop, process, { timeouts: 1 });
    expect((await shop.outcome('tea')).order).toBe('placed');
    await runToRest(shop, process, { timeouts: 2 });
    expect((await shop.outcome('tea')).order).toBe('rejected');
  });
});

describe('two processes whose clocks are a day apart', () => {
  it('complete an order when each of them handles some of its events and timeouts', async () => {
    const shop = createShop({ payments: unavailableFor(2), policy });
    const [ahead, behind] = [shop.startProcess(), shop.startProcess()];
    await placed(shop, ahead);
    for (const [process, time] of [
      [ahead, '2026-01-06T10:00:00.000Z'],
      [behind, '2026-01-05T10:00:10.000Z'],
    ] as const) {
      shop.jumpTo(time);
      await process.timeoutElapsed(ORDER, (await shop.timeout())?.timeoutId ?? '');
      await runToRest(shop, process);
    }
    expect(await shop.outcome('tea')).toEqual(shipped);
  });
});

describe('a timeout of a wait that is over', () => {
  it('changes nothing and makes no call, at any time and any number of times', async () => {
    const payments = unavailableFor(2);
    const shop = createShop({ payments, policy });
    const process = shop.startProcess();
    await placed(shop, process);
    await runToRest(shop, process, { timeouts: 2 });
    const [before, captures] = [await recorded(shop), payments.captures()];
    const stale = before.filter((type) => type === 'TimeoutScheduled').map((_, n) => `${ORDER}-${n + 1}`);
    expect(stale.length).toBeGreaterThan(2);

    for (const time of ['2026-01-05T10:00:00.000Z', '2036-01-05T10:00:00.000Z']) {
      shop.jumpTo(time);
      for (const id of stale) await process.timeoutElapsed(ORDER, id);
    }
    await process.calls.idle();
    expect(await recorded(shop)).toEqual(before);
    expect(payments.captures()).toBe(captures);
    expect(await shop.outcome('tea')).toEqual(shipped);
  });

  it('makes no call during the next wait', async () => {
    const payments = unavailableFor(9);
    const shop = createShop({ payments, policy });
    const [first, second] = [shop.startProcess(), shop.startProcess()];
    await placed(shop, first);
    const stale = (await shop.untilDue()) ?? '';
    await first.timeoutElapsed(ORDER, stale);
    await first.calls.idle();
    const before = await recorded(shop);
    expect(payments.captures()).toBe(2);

    for (const { timeoutElapsed, calls } of [first, second]) {
      await timeoutElapsed(ORDER, stale);
      await calls.idle();
    }
    expect(payments.captures()).toBe(2);
    expect(await recorded(shop)).toEqual(before);
  });

  it('schedules one timeout and makes one call, when two processes handle it at the same time', async () => {
    const payments = unavailableFor(9);
    const shop = createShop({ payments, policy });
    const processes = [shop.startProcess(), shop.startProcess()] as const;
    await placed(shop, processes[0]);
    const id = (await shop.untilDue()) ?? '';
    await Promise.all(processes.map(({ timeoutElapsed }) => timeoutElapsed(ORDER, id)));
    await Promise.all(processes.map(({ calls }) => calls.idle()));
    expect((await recorded(shop)).filter((type) => type === 'TimeoutScheduled')).toHaveLength(2);
    expect(payments.captures()).toBe(2);
  });
});

describe('a timeout in the read model', () => {
  const test = sqliteReadStore();
  afterEach(() => test.dispose());

  /** Projects the events of the fulfilment into the read model, as the projector does. */
  async function project(shop: Shop): Promise<void> {
    const readStore = await test.open();
    const generation = await readStore.generation<DeadlineDocument>(deadlinesProjection, 1);
    let document: DeadlineDocument | undefined;
    let position = { commit: 0n, prepare: 0n };
    for (const event of (await shop.eventsOf(STREAM)) as RecordedEvent<ShopEvent>[]) {
      document = deadlinesProjection.evolve(() => document, event).get(STREAM) ?? document;
      position = event.position;
    }
    if (document !== undefined)
      await generation.commit([{ id: STREAM, position: position.commit, body: document }], position);
    await makeLive(readStore, deadlinesProjection, 1);
  }

  /** Handles the timeouts of that read model, by the shop's clock; `passed` is the time since the process was started. */
  async function watching(shop: Shop, process: Process) {
    const passed = { ms: 0 };
    const elapsed = () => passed.ms;
    const observed = createObservedWaits(elapsed);
    const rules = process.waits;
    if (rules === undefined) throw new RangeError('fulfilment has waits');
    const watch = createTimeouts({
      manager: { ...process, parkWait: () => Promise.reject(new RangeError('nothing is to be parked')) },
      rules,
      readStore: await test.open(),
      guard: { run: (_workId, work) => work() },
      clock: shop.clock,
      elapsed,
      isOver: (due) => observed.isOver(due, rules),
      logger: silent,
      atOnce: 2,
    });
    return { watch, passed };
  }

  it.each([
    ['ten years ahead, and was set right', '2036-01-05T10:00:00.000Z', '2026-01-05T10:00:00.000Z'],
    ['right, and was set back by a day', '2026-01-05T10:00:00.000Z', '2026-01-04T10:00:00.000Z'],
  ])(
    'elapses after the maximum length of its wait, when the clock that scheduled it was %s',
    async (_, wrong, right) => {
      const payments = unavailableFor(1);
      const shop = createShop({ payments, policy });
      const process = shop.startProcess();
      shop.jumpTo(wrong);
      await placed(shop, process);
      shop.jumpTo(right);
      await project(shop);

      const { watch, passed } = await watching(shop, process);
      expect(await watch.look()).toBe(0);
      passed.ms = policy.maxDeadlineMs - 1;
      expect(await watch.look()).toBe(0);
      passed.ms = policy.maxDeadlineMs;
      expect(await watch.look()).toBe(1);
      await process.calls.idle();
      expect(payments.captures()).toBe(2);
      await runToRest(shop, process);
      expect(await shop.outcome('tea')).toEqual(shipped);
    },
  );

  it('elapses after all processes were restarted, when a new process has observed it for its whole length', async () => {
    const payments = unavailableFor(1);
    const shop = createShop({ payments, policy });
    const crashing = shop.startProcess();
    await placed(shop, crashing);
    await crashing.calls.stop(0);
    await project(shop);

    const process = shop.startProcess();
    const { watch, passed } = await watching(shop, process);
    expect(await watch.look()).toBe(0);
    await shop.untilDue();
    expect(await watch.look()).toBe(0);
    passed.ms = 3_000;
    expect(await watch.look()).toBe(1);
    await process.calls.idle();
    expect(payments.captures()).toBe(2);
    await runToRest(shop, process);
    expect(await shop.outcome('tea')).toEqual(shipped);
  });
});
