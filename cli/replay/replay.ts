import { createRetryPolicy } from '../http/retry-policy.ts';
import { countRows } from './file/count-rows.ts';
import type { Encoding } from './file/decode.ts';
import { readSalesFile } from './file/rows.ts';
import { planOrders } from './plan.ts';
import { type Check, reconcile } from './report/checks.ts';
import { type Report, reportOf } from './report/report.ts';
import { countPlacedBefore, findChanged } from './shop/earlier-orders.ts';
import { watchOrdersInFlight } from './shop/in-flight-orders.ts';
import { createItems } from './shop/items.ts';
import { placeOrders } from './shop/orders.ts';
import { receiveStock, requiredStock } from './shop/receive-stock.ts';
import type { History } from './shop/replay-marks.ts';
import { Shop } from './shop/shop.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly encoding: Encoding;
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly token: string;
  /** Orders between POST and rest at the same time. */
  readonly concurrency: number;
  readonly stockFactor: number;
  /** Receives progress messages for the user. */
  readonly onProgress: (text: string) => void;
  readonly openAuditor: () => Promise<Auditor>;
}

/** Reads the log directly: finds what earlier replays did, verifies the read models and counts appended events. */
export interface Auditor {
  history(): Promise<History>;
  begin(): Promise<void>;
  end(): Promise<{ readonly events: number; readonly checks: readonly Check[] }>;
  close(): Promise<void>;
}

/**
 * Replays a sales file through the HTTP APIs, then reconciles stock and money. Throws `NotASalesFile`, `ShopUnavailable`
 * or `UnexpectedResponse`.
 */
export async function replay(options: ReplayOptions): Promise<Report> {
  const counted = countRows(await readSalesFile(options.file, options.encoding));
  const retryPolicy = createRetryPolicy({ print: options.onProgress });
  const shop = new Shop({ ...options, connections: options.concurrency, retryPolicy });
  const inFlight = watchOrdersInFlight(retryPolicy.printAtIntervals);
  const count = (what: string, total: number) => counter(options.onProgress, what, total);
  try {
    await shop.reach();
    const auditor = await options.openAuditor();
    try {
      const history = await auditor.history();
      const items = await createItems(shop, counted.items, {
        retryPolicy,
        onItem: count('items', counted.items.length),
      });
      const plan = planOrders(counted.sales, items.sellable);
      const changed = await findChanged(shop, plan.orders, history, inFlight);
      const earlier = changed.flatMap(({ orders }) => orders);
      const accepted = earlier.filter(({ status }) => status !== 'rejected' && status !== 'cancelled');
      const wanted = requiredStock(plan.orders, accepted, options.stockFactor);
      await receiveStock(shop, wanted, {
        received: history.received,
        onProduct: count('products stocked', wanted.length),
      });

      await auditor.begin();
      const startedAt = performance.now();
      const { placed, leftOut } = await placeOrders(shop, plan.orders, {
        concurrency: options.concurrency,
        inFlight,
        onOrder: count('orders', plan.orders.length),
      });
      const seconds = (performance.now() - startedAt) / 1_000;

      options.onProgress('reconciling stock and money');
      // The audit comes first, since it waits until all read models are current; so far only that of orders is.
      const audit = await auditor.end();
      const reconciled = await reconcile(shop, retryPolicy, { sellable: items.sellable, placed, earlier });
      return reportOf({
        counted,
        placed,
        leftOut: [...plan.leftOut, ...leftOut],
        changed,
        alreadyThere: {
          items: items.alreadyThere,
          orders: countPlacedBefore(plan.orders, history),
        },
        seconds,
        events: audit.events,
        checks: [...reconciled, ...audit.checks],
      });
    } finally {
      await auditor.close();
    }
  } finally {
    await shop.close();
  }
}

const STEPS = 20;

/** Returns a function that counts up to `total` and reports each twentieth. */
function counter(onProgress: (text: string) => void, what: string, total: number): () => void {
  const step = Math.max(1, Math.floor(total / STEPS));
  let done = 0;
  return () => {
    done++;
    if (done % step === 0 || done === total) onProgress(`${what} ${done}/${total}`);
  };
}
