import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { eventsOfOrder, type HistoryEvent } from '../data/generate-orders.ts';
import { quantile } from '../harness/paired-runs.ts';
import { openShop } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';
import { openWarmShop, spread } from '../orders/hot-product.ts';
import { ConfirmationWatcher } from './confirmation-watcher.ts';

const EVENTS_PER_SECOND = 300;

/** Measures the lag of read models at a steady rate, and the time until an order is confirmed at half of the maximum rate. */
export async function measureLag(seconds: number): Promise<Row[]> {
  return [...(await measureModels(seconds)), ...(await measureConfirmed(seconds))];
}

/** Measures the milliseconds from the append of an event until a query at its position is answered. */
const measureModels = (seconds: number): Promise<Row[]> =>
  withSystem(['eventstore', 'projections', 'read-api'], async (system) => {
    const store = connectEventStore({ catalogue, url: system.env.EVENTSTORE_URL ?? '' });
    const shop = openShop(system, 64);
    const events = new GeneratedEvents();
    const lags: number[] = [];
    const one = async (index: number) => {
      const { stream, event, orderId, productId } = events.next();
      const startedAt = performance.now();
      const { position } = await store.append(stream, [event], 'any');
      const path = [`/orders/${orderId}`, `/orders/${orderId}/timeline`, `/inventory/items/${productId}`][
        index % 3
      ];
      await shop.query(`${path}?minPosition=${position.commit}`);
      lags.push(performance.now() - startedAt);
    };
    await steadily(EVENTS_PER_SECOND, seconds, one);
    lags.length = 0;
    await steadily(EVENTS_PER_SECOND, 3 * seconds, one);
    await Promise.all([store.close(), shop.close()]);
    return latencyRows(`lag at ${EVENTS_PER_SECOND} events per second, append to answer`, lags, '< 50');
  });

/** Generates the events of one order after the other. */
class GeneratedEvents {
  #order = 0;
  #left: HistoryEvent[] = [];

  next(): HistoryEvent {
    if (this.#left.length === 0) this.#left = eventsOfOrder(this.#order++);
    const [first, ...others] = this.#left;
    if (first === undefined) throw new RangeError('a history without events');
    this.#left = others;
    return first;
  }
}

/** Measures the milliseconds from POST until the query API shows the order confirmed, at half the rate of 64 clients. */
const measureConfirmed = (seconds: number): Promise<Row[]> =>
  withSystem([], async (system) => {
    const { shop, clients } = await openWarmShop(system, seconds);
    const highest = await clients.rate(2 * seconds, spread);
    const confirmations = await ConfirmationWatcher.follow(system, shop);
    const latencies: number[] = [];
    await steadily(highest / 2, 3 * seconds, async (index) => {
      const startedAt = performance.now();
      await confirmations.of((await shop.placeOrder(spread(index))).orderId);
      latencies.push(performance.now() - startedAt);
    });
    confirmations.end();
    await shop.close();
    return [
      { what: 'highest rate: orders at rest', measured: highest },
      ...latencyRows('from POST to confirmed at half of that', latencies, '< 100'),
    ];
  });

const latencyRows = (what: string, latencies: readonly number[], target: string): Row[] => [
  { what: `${what}, p50`, unit: 'ms', measured: quantile(latencies, 0.5) },
  { what: `${what}, p99`, unit: 'ms', measured: quantile(latencies, 0.99), target },
];

/** Starts work at a steady rate, whether earlier work has ended or not; waits for all of it. */
async function steadily(
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    const due = startedAt + (index / perSecond) * 1_000;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    running.push(work(index));
  }
  await Promise.all(running);
}
