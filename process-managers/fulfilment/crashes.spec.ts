import { describe, expect, it } from 'vitest';
import { manualCarrier } from '../../integrations/carrier/carrier.ts';
import { Crash, crashingAt } from '../engine/testing/crashing-handler.ts';
import { runToRest } from './testing/deliveries.ts';
import { createShop, ORDER, type Process, type Shop } from './testing/shop.ts';

/** The course of an order: all work that follows from one action is completed before the next action. */
interface Course {
  readonly name: string;
  readonly open: () => Shop;
  readonly actions: readonly ((shop: Shop) => Promise<unknown>)[];
}

const courses: readonly Course[] = [
  {
    name: 'an order that is shipped',
    open: () => createShop(),
    actions: [
      (shop) => shop.stock('tea', 9),
      (shop) => shop.stock('mug', 9),
      (shop) => shop.place({ tea: 4, mug: 2 }),
    ],
  },
  {
    name: 'an order that is out of stock',
    open: () => createShop(),
    actions: [(shop) => shop.stock('tea', 9), (shop) => shop.place({ tea: 4, mug: 2 })],
  },
  {
    name: 'an order whose payment is declined',
    open: () => createShop(),
    actions: [(shop) => shop.stock('tea', 9), (shop) => shop.place({ tea: 4 }, 'tok_declined')],
  },
  {
    name: 'an order whose payment provider stays unavailable',
    open: () => createShop({ policy: { firstDeadlineMs: 3_000, paymentGiveUpMs: 8_000 } }),
    actions: [(shop) => shop.stock('tea', 9), (shop) => shop.place({ tea: 4 }, 'tok_down')],
  },
  {
    name: 'an order that is cancelled after its payment',
    open: () => createShop({ carrier: manualCarrier, policy: { firstDispatchMs: 3_600_000 } }),
    actions: [
      (shop) => shop.stock('tea', 9),
      (shop) => shop.place({ tea: 4 }),
      (shop) => shop.cancelShipment(),
    ],
  },
  {
    name: 'an order that an operator dispatches and delivers',
    open: () => createShop({ carrier: manualCarrier, policy: { firstDispatchMs: 3_600_000 } }),
    actions: [
      (shop) => shop.stock('tea', 9),
      (shop) => shop.place({ tea: 4 }),
      (shop) => shop.dispatch(),
      (shop) => shop.deliver(),
    ],
  },
  {
    name: 'an order that is shipped, then refunded',
    open: () => createShop(),
    actions: [
      (shop) => shop.stock('tea', 9),
      (shop) => shop.place({ tea: 4 }),
      (shop) => shop.requestRefund(),
    ],
  },
];

/** Timeouts that are due later do not elapse here: a parcel may wait days for its operator. */
const MAX_TIMEOUT_MS = 300_000;

/**
 * Delivers all events and lets each timeout elapse until nothing is pending. After a crash, a new process receives all
 * events again, and timeouts repeat the lost calls. Returns the running process.
 */
async function runThroughCrashes(shop: Shop, first: Process, hasCrashed: () => boolean): Promise<Process> {
  const start = shop.clock().getTime();
  let process = first;
  for (;;) {
    try {
      await runToRest(shop, process);
      const timeout = await shop.timeout();
      if (process === first && hasCrashed()) process = shop.startProcess();
      else if (timeout === undefined || Date.parse(timeout.dueAt) > start + MAX_TIMEOUT_MS) return process;
      else await process.timeoutElapsed(ORDER, (await shop.untilDue()) ?? '');
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      process = shop.startProcess();
    }
  }
}

const WAITS: ReadonlySet<string> = new Set(['TimeoutScheduled', 'FulfilmentRecalled']);

/**
 * Returns what crashes must not change: statuses, stock, and the events of all streams. Left out are timeouts and recalls:
 * a carrier may receive a recall twice, and respond before or after the refund.
 */
async function resultOf(shop: Shop) {
  const types = async (stream: string) =>
    (await shop.typesOf(stream))
      .filter((type, at, all) => !WAITS.has(type) && !(type === 'ShipmentRecalled' && all[at - 1] === type))
      .join(' ');
  return {
    ...(await shop.outcome('tea', 'mug')),
    events: await Promise.all(
      ['order-o-1', 'payment-o-1', 'shipment-o-1', 'fulfilment-o-1', 'inventory-tea', 'inventory-mug'].map(
        types,
      ),
    ),
  };
}

async function runCourse(course: Course, n: number, when: 'before' | 'after') {
  const shop = course.open();
  const handler = crashingAt(n, when, shop.ownHandler());
  let process = shop.startProcess(handler);
  for (const action of course.actions) {
    await action(shop);
    process = await runThroughCrashes(shop, process, () => handler.hasCrashed);
  }
  return { result: await resultOf(shop), hasCrashed: handler.hasCrashed };
}

describe.each(courses)('$name', (course) => {
  it.each(['before', 'after'] as const)(
    'has the same events, stock and payment when its process crashes %s any one of its commands',
    async (when) => {
      const undisturbed = await runCourse(course, Number.POSITIVE_INFINITY, when);
      expect(undisturbed.hasCrashed).toBe(false);
      let commands = 0;
      for (let n = 1; ; n += 1) {
        const crashed = await runCourse(course, n, when);
        if (!crashed.hasCrashed) break;
        expect(crashed.result, `crashed ${when} command ${n}`).toEqual(undisturbed.result);
        commands = n;
      }
      expect(commands).toBeGreaterThan(6);
    },
  );
});
