import { type Check, checkBooks } from './checks.ts';
import { placeOrders } from './orders.ts';
import { planReplay } from './plan.ts';
import { type Report, reportOf } from './report.ts';
import { readSalesFile } from './rows.ts';
import { connectShop } from './shop.ts';
import { stockTheShop } from './stock.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly commandUrl: string;
  readonly queryUrl: string;
  readonly token: string;
  /** Orders between POST and rest at the same time. */
  readonly concurrency: number;
  readonly stockFactor: number;
  /** Word of how far it is, for a person. */
  readonly onProgress: (text: string) => void;
  readonly auditor: Auditor;
}

/** Looks behind the APIs: folds all events anew, and counts those appended since it began. */
export interface Auditor {
  begin(): Promise<void>;
  end(): Promise<{ readonly events: number; readonly checks: readonly Check[] }>;
}

/** Replays a sales file through the HTTP APIs and checks the books; throws `NotASalesFile`, `ShopAway`, `UnexpectedAnswer`. */
export async function replay(options: ReplayOptions): Promise<Report> {
  const plan = planReplay(await readSalesFile(options.file));
  const shop = connectShop({ ...options, connections: options.concurrency });
  try {
    const items = counter(options.onProgress, 'items', plan.items.length);
    await stockTheShop(shop, plan, { stockFactor: options.stockFactor, onItem: items });

    await options.auditor.begin();
    const orders = counter(options.onProgress, 'orders', plan.orders.length);
    const startedAt = performance.now();
    const placed = await placeOrders(shop, plan, { concurrency: options.concurrency, onOrder: orders });
    const seconds = (performance.now() - startedAt) / 1_000;

    options.onProgress('checking the books');
    // First the audit: it waits for all read models, of which only that of the orders is known to have come this far.
    const audit = await options.auditor.end();
    const books = await checkBooks(shop, plan, placed);
    return reportOf(plan, placed, { seconds, events: audit.events, checks: [...books, ...audit.checks] });
  } finally {
    await shop.close();
  }
}

const STEPS = 20;

/** Counts up to `total`, saying so at every twentieth of it. */
function counter(onProgress: (text: string) => void, what: string, total: number): () => void {
  const step = Math.max(1, Math.floor(total / STEPS));
  let done = 0;
  return () => {
    done++;
    if (done % step === 0 || done === total) onProgress(`${what} ${done}/${total}`);
  };
}
