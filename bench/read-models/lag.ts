import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { type StoryEvent, storyEvents } from '../data/generate-orders.ts';
import { quantile } from '../harness/paired-runs.ts';
import { openShop } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { onSystem } from '../harness/with-system.ts';
import { openWarmShop, spread } from '../orders/hot-product.ts';
import { Confirmations } from './confirmation-watcher.ts';

const EVENTS_PER_SECOND = 300;

/** How late the read models are at a steady rate, and how soon an order is confirmed at half of the highest rate. */
export async function measureLag(seconds: number): Promise<Row[]> {
  return [...(await measureModels(seconds)), ...(await measureConfirmed(seconds))];
}

/** Milliseconds from handing an event to the client until the query API answers as of it. */
const measureModels = (seconds: number): Promise<Row[]> =>
  onSystem(['eventstore', 'projections', 'read-api'], async (system) => {
    const store = connectEventStore({ catalogue, url: system.env.EVENTSTORE_URL ?? '' });
    const shop = openShop(system, 64);
    const events = new StoryEvents();
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

/** One event after the other, story by story. */
class StoryEvents {
  #order = 0;
  #left: StoryEvent[] = [];

  next(): StoryEvent {
    if (this.#left.length === 0) this.#left = storyEvents(this.#order++);
    const [first, ...others] = this.#left;
    if (first === undefined) throw new RangeError('a story without events');
    this.#left = others;
    return first;
  }
}

/** Milliseconds from an order's POST until the query API shows it confirmed, at half of the rate that 64 clients reach. */
const measureConfirmed = (seconds: number): Promise<Row[]> =>
  onSystem([], async (system) => {
    const { shop, clients } = await openWarmShop(system, seconds);
    const highest = await clients.rate(2 * seconds, spread);
    const confirmations = await Confirmations.follow(system, shop);
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

const latencyRows = (what: string, latencies: readonly number[], wanted: string): Row[] => [
  { what: `${what}, p50`, unit: 'ms', measured: quantile(latencies, 0.5) },
  { what: `${what}, p99`, unit: 'ms', measured: quantile(latencies, 0.99), wanted },
];

/** Starts work at an even pace, whether or not what was started before has ended; waits for all of it. */
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
