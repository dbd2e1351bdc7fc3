import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from '../../test/support/processes/launch-orderstream.ts';
import type { System } from '../../test/support/system.ts';
import { perSecond } from '../harness/concurrent-work.ts';
import { OrderWatcher } from '../harness/order-watcher.ts';
import { measureInPairs, quantile } from '../harness/paired-runs.ts';
import { openShop, type Shop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';
import { measureReservations } from './reservations.ts';

const CLIENTS = 64;
const PAIRS = 5;
const HOT = 'HOT';
export const spread = (index: number) => `${20_000 + (index % CLIENTS)}`;

/** Measures 64 clients that order one product: whole orders, reservations alone, and with two process-manager processes. */
export async function measureHotProduct(seconds: number): Promise<Row[]> {
  return [
    ...(await measureReservations(seconds)),
    ...(await measureSameProduct(seconds)),
    ...(await measureTwoProcesses(seconds)),
  ];
}

/** Each client places an order, waits until the query API shows it at rest, and places the next. */
class Clients {
  readonly #shop: Shop;
  readonly #watch: OrderWatcher;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#watch = new OrderWatcher(shop);
  }

  /** Returns the orders at rest per second; adds each order's milliseconds from POST to rest to `latencies`. */
  rate(seconds: number, productOf: (index: number) => string, latencies: number[] = []): Promise<number> {
    return perSecond({ inFlight: CLIENTS, seconds }, async (index) => {
      const startedAt = performance.now();
      await this.#watch.untilAtRest(await this.#shop.placeOrder(productOf(index)));
      latencies.push(performance.now() - startedAt);
    });
  }
}

export async function openWarmShop(
  system: System,
  seconds: number,
): Promise<{ shop: Shop; clients: Clients }> {
  const shop = openShop(system, CLIENTS);
  await shop.createItem(HOT, STOCK_FOR_ALL);
  for (let index = 0; index < CLIENTS; index++) await shop.createItem(spread(index), STOCK_FOR_ALL);
  const clients = new Clients(shop);
  await clients.rate(2 * seconds, (index) => (index % 2 === 0 ? HOT : spread(index)));
  return { shop, clients };
}

const measureSameProduct = (seconds: number): Promise<Row[]> =>
  withSystem([], async (system) => {
    const { shop, clients } = await openWarmShop(system, seconds);
    const latencies: number[] = [];
    const { ours, theirs, ratio } = await measureInPairs(
      PAIRS,
      () => clients.rate(seconds, () => HOT, latencies),
      () => clients.rate(seconds, spread),
    );
    const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
    const sold = await sellOut(shop);
    await shop.close();
    return [
      { what: `${CLIENTS} clients, as many products: orders at rest`, measured: theirs, ratio: 1 },
      { what: `${CLIENTS} clients, one product: orders at rest`, measured: ours, ratio, target: '≥ 0.80' },
      { what: 'one product: from POST to rest, p50', unit: 'ms', measured: p50, ratio: 1 },
      {
        what: 'one product: from POST to rest, p99',
        unit: 'ms',
        measured: p99,
        ratio: p99 / p50,
        target: '< 10',
      },
      {
        what: `units sold of ${SCARCE}, to ${BUYERS} orders at once`,
        unit: '',
        measured: sold,
        target: `= ${SCARCE}`,
      },
    ];
  });

const SCARCE = 50;
const BUYERS = 200;

/** Places more orders at once than there are units; returns how many were sold. Throws when the stock differs. */
async function sellOut(shop: Shop, productId = 'SCARCE'): Promise<number> {
  await shop.createItem(productId, SCARCE);
  const watch = new OrderWatcher(shop);
  const orders = await Promise.all(
    Array.from({ length: BUYERS }, async () => {
      const placed = await shop.placeOrder(productId);
      await watch.untilAtRest(placed);
      return shop.query<{ readonly status: string }>(`/orders/${placed.orderId}`);
    }),
  );
  const sold = orders.filter((order) => order?.status === 'shipped').length;
  const { position } = await shop.placeOrder(productId);
  const item = await shop.query<Stock>(`/inventory/items/${productId}?minPosition=${position}`);
  if (sold > SCARCE || item?.onHand !== SCARCE - sold)
    throw new Error(`${sold} of ${SCARCE} were sold, and ${item?.onHand} are left`);
  return sold;
}

interface Stock {
  readonly onHand: number;
  readonly reserved: number;
}

/** Measures orders of one product with one process-manager process and with two. */
const measureTwoProcesses = (seconds: number): Promise<Row[]> =>
  withSystem(['eventstore', 'write-side', 'projections', 'read-api'], async (system) => {
    const stopFirst = await startProcessManagers(system);
    const { shop, clients } = await openWarmShop(system, seconds);
    const latencies: number[] = [];
    // Each side is measured after a round of warm-up, since the second process has just started.
    const warmed = async (into?: number[]) => {
      await clients.rate(seconds, () => HOT);
      return clients.rate(seconds, () => HOT, into);
    };
    const { ours, theirs, ratio } = await measureInPairs(
      3,
      async () => {
        const stopSecond = await startProcessManagers(system);
        const withTwo = await warmed(latencies);
        await stopSecond();
        return withTwo;
      },
      () => warmed(),
    );
    const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
    const stopSecond = await startProcessManagers(system);
    const sold = await sellOut(shop);
    await Promise.all([stopFirst(), stopSecond()]);
    await shop.close();
    return [
      { what: 'one process of process managers, one product', measured: theirs, ratio: 1 },
      { what: 'two processes of process managers, one product', measured: ours, ratio, target: '≥ 0.50' },
      { what: 'two processes: from POST to rest, p50', unit: 'ms', measured: p50, ratio: 1 },
      {
        what: 'two processes: from POST to rest, p99',
        unit: 'ms',
        measured: p99,
        ratio: p99 / p50,
        target: '< 10',
      },
      { what: `two processes: units sold of ${SCARCE}`, unit: '', measured: sold, target: `= ${SCARCE}` },
    ];
  });

async function startProcessManagers({ env }: System): Promise<() => Promise<void>> {
  const running = launch(['start', 'process-managers'], { ...env, LOG_LEVEL: 'warn' });
  while (!running.output().includes('process managers ')) {
    if (running.hasEnded()) throw new Error(`the process managers did not start:\n${running.output()}`);
    await sleep(25);
  }
  return async () => {
    running.signal('SIGTERM');
    await running.ended;
  };
}
