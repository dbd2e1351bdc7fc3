import { afterEach, describe, expect, it } from 'vitest';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import type { DeadlineDocument } from '../../projections/deadlines/document.ts';
import { deadlinesProjection } from '../../projections/deadlines/projection.ts';
import type { ShopEvent } from '../../projections/shop-event.ts';
import { sqliteReadStore } from '../../read-store/testing/adapters.ts';
import { makeLive } from '../../read-store/testing/make-live.ts';
import { createObservedWaits } from '../engine/timeouts/observed-waits.ts';
import { createTimeouts } from '../engine/timeouts/timeouts.ts';
import { ORDER, type Process, runToRest, type Shop, shop } from './testing/shop.ts';

const STREAM = fulfilmentStream(ORDER);
const policy = { firstDeadlineMs: 3_000, maxDeadlineMs: 60_000, paymentGiveUpMs: 20_000 };

/** A provider that is unavailable for the first calls, and how often it was asked to charge. */
function unavailableFor(calls: number): PaymentProvider & { readonly asked: () => number } {
  const provider = simulatedPayments();
  let asked = 0;
  return {
    ...provider,
    asked: () => asked,
    capture: async (request) => {
      asked += 1;
      return asked <= calls ? { outcome: 'unavailable', reason: '503' } : provider.capture(request);
    },
  };
}

async function placed(here: Shop, process: Process): Promise<void> {
  await here.stock('tea', 9);
  await here.place({ tea: 4 });
  await runToRest(here, process);
}
/** What the order's fulfilment has recorded. */
const recorded = (here: Shop) => here.typesOf(STREAM);
const shipped = { order: 'shipped', payment: 'captured', shipment: 'dispatched', stock: { tea: [5, 0] } };

const JUMPS = [
  ['a day ahead', '2026-01-06T10:00:00.000Z'],
  ['ten years ahead', '2036-01-05T10:00:00.000Z'],
  ['a day back', '2026-01-04T10:00:00.000Z'],
  ['to 1970', '1970-01-01T00:00:00.000Z'],
] as const;

describe.each(JUMPS)('a clock that jumps %s while an order waits for its payment', (_, to) => {
  it('does not end the wait early: the order ships, and is charged once', async () => {
    const payments = unavailableFor(2);
    const here = shop({ payments, policy });
    const process = here.startProcess();
    await placed(here, process);
    expect(payments.asked()).toBe(1);

    here.jumpTo(to);
    await runToRest(here, process, { timeouts: 2 });
    expect(await here.books('tea')).toEqual(shipped);
    expect(
      (await here.typesOf(`payment-${ORDER}`)).filter((type) => type === 'PaymentCaptured'),
    ).toHaveLength(1);
  });

  it('and back again does not shorten the wait for a provider that never responds', async () => {
    const payments = unavailableFor(Number.POSITIVE_INFINITY);
    const here = shop({ payments, policy });
    const process = here.startProcess();
    await placed(here, process);
    here.jumpTo(to);
    await runToRest(here, process, { timeouts: 1 });
    here.jumpTo('2026-01-05T10:00:04.000Z');
    // Waits of 3 s, 6 s, and the rest of the 20 s.
    await runToRest(here, process, { timeouts: 1 });
    expect((await here.books('tea')).order).toBe('placed');
    await runToRest(here, process, { timeouts: 2 });
    expect((await here.books('tea')).order).toBe('rejected');
  });
});

describe('two processes whose clocks are a day apart', () => {
  it('complete an order together', async () => {
    const here = shop({ payments: unavailableFor(2), policy });
    const [ahead, behind] = [here.startProcess(), here.startProcess()];
    await placed(here, ahead);
    for (const [process, time] of [
      [ahead, '2026-01-06T10:00:00.000Z'],
      [behind, '2026-01-05T10:00:10.000Z'],
    ] as const) {
      here.jumpTo(time);
      await process.timeoutElapsed(ORDER, (await here.timeout())?.timeoutId ?? '');
      await runToRest(here, process);
    }
    expect(await here.books('tea')).toEqual(shipped);
  });
});

describe('a timeout of a wait that is over', () => {
  it('changes nothing and makes no call, at any time and any number of times', async () => {
    const payments = unavailableFor(2);
    const here = shop({ payments, policy });
    const process = here.startProcess();
    await placed(here, process);
    await runToRest(here, process, { timeouts: 2 });
    const [before, asked] = [await recorded(here), payments.asked()];
    const stale = before.filter((type) => type === 'TimeoutScheduled').map((_, n) => `${ORDER}-${n + 1}`);
    expect(stale.length).toBeGreaterThan(2);

    for (const time of ['2026-01-05T10:00:00.000Z', '2036-01-05T10:00:00.000Z']) {
      here.jumpTo(time);
      for (const id of stale) await process.timeoutElapsed(ORDER, id);
    }
    await process.calls.idle();
    expect(await recorded(here)).toEqual(before);
    expect(payments.asked()).toBe(asked);
    expect(await here.books('tea')).toEqual(shipped);
  });

  it('makes no call either during the next wait', async () => {
    const payments = unavailableFor(9);
    const here = shop({ payments, policy });
    const [first, second] = [here.startProcess(), here.startProcess()];
    await placed(here, first);
    const stale = (await here.untilDue()) ?? '';
    await first.timeoutElapsed(ORDER, stale);
    await first.calls.idle();
    const before = await recorded(here);
    expect(payments.asked()).toBe(2);

    for (const { timeoutElapsed, calls } of [first, second]) {
      await timeoutElapsed(ORDER, stale);
      await calls.idle();
    }
    expect(payments.asked()).toBe(2);
    expect(await recorded(here)).toEqual(before);
  });

  it('that two processes handle at once ends one wait, and makes one call', async () => {
    const payments = unavailableFor(9);
    const here = shop({ payments, policy });
    const processes = [here.startProcess(), here.startProcess()] as const;
    await placed(here, processes[0]);
    const id = (await here.untilDue()) ?? '';
    await Promise.all(processes.map(({ timeoutElapsed }) => timeoutElapsed(ORDER, id)));
    await Promise.all(processes.map(({ calls }) => calls.idle()));
    expect((await recorded(here)).filter((type) => type === 'TimeoutScheduled')).toHaveLength(2);
    expect(payments.asked()).toBe(2);
  });
});

describe('a timeout', () => {
  const test = sqliteReadStore();
  afterEach(() => test.dispose());

  /** Projects the events of the fulfilment into the read model, as the projector does. */
  async function project(here: Shop): Promise<void> {
    const readStore = await test.open();
    const generation = await readStore.generation<DeadlineDocument>(deadlinesProjection, 1);
    let document: DeadlineDocument | undefined;
    let position = { commit: 0n, prepare: 0n };
    for (const event of (await here.eventsOf(STREAM)) as RecordedEvent<ShopEvent>[]) {
      document = deadlinesProjection.evolve(() => document, event).get(STREAM) ?? document;
      position = event.position;
    }
    if (document !== undefined)
      await generation.commit([{ id: STREAM, position: position.commit, body: document }], position);
    await makeLive(readStore, deadlinesProjection, 1);
  }

  /** Handles the timeouts of that read model, by the shop's clock; `passed` is the time since the process was started. */
  async function watching(here: Shop, process: Process) {
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
      clock: here.clock,
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
  ])('that was scheduled by a clock that was %s elapses after the longest wait', async (_, wrong, right) => {
    const payments = unavailableFor(1);
    const here = shop({ payments, policy });
    const process = here.startProcess();
    here.jumpTo(wrong);
    await placed(here, process);
    here.jumpTo(right);
    await project(here);

    const { watch, passed } = await watching(here, process);
    expect(await watch.look()).toBe(0);
    passed.ms = policy.maxDeadlineMs - 1;
    expect(await watch.look()).toBe(0);
    passed.ms = policy.maxDeadlineMs;
    expect(await watch.look()).toBe(1);
    await process.calls.idle();
    expect(payments.asked()).toBe(2);
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual(shipped);
  });

  it('elapses after a restart of every process, in one that has observed it for its whole length', async () => {
    const payments = unavailableFor(1);
    const here = shop({ payments, policy });
    const dying = here.startProcess();
    await placed(here, dying);
    await dying.calls.stop(0);
    await project(here);

    const process = here.startProcess();
    const { watch, passed } = await watching(here, process);
    expect(await watch.look()).toBe(0);
    await here.untilDue();
    expect(await watch.look()).toBe(0);
    passed.ms = 3_000;
    expect(await watch.look()).toBe(1);
    await process.calls.idle();
    expect(payments.asked()).toBe(2);
    await runToRest(here, process);
    expect(await here.books('tea')).toEqual(shipped);
  });
});
