import { type ChangeOptions, note, openCli } from '../cli.ts';
import { statusStyle, styled } from '../output/styles.ts';
import { table } from '../output/table.ts';
import { advance } from './advance.ts';
import { demoCustomers, demoOrders } from './orders.ts';
import { demoProducts } from './products.ts';
import { createProduct, placeOrder } from './requests.ts';
import { checkEmpty, createProducts, ordersOf, placeOrders } from './shop.ts';

/** The gateway limits the rate of requests, so that some may have to wait. */
const MAX_WAIT_MS = 60_000;

/**
 * Fills an empty shop. After a crash, a second run continues: it recognises the products and orders of the first one. The
 * last product is created when everything else is done, so that a shop with all of them is complete.
 */
export async function fillShop(options: ChangeOptions): Promise<void> {
  const cli = openCli(options, { maxWaitMs: MAX_WAIT_MS });
  if (options.dryRun) {
    const requests = [...demoProducts.map(createProduct), ...demoOrders.map(placeOrder)];
    cli.printText(requests.map((request) => cli.describeRequest(request)).join(cli.isJson ? '\n' : '\n\n'));
    note('Dry run: nothing was sent. Orders are then cancelled, dispatched and delivered.');
    return;
  }
  const existing = await checkEmpty(cli);
  if (existing.size > 0) note('Continues the demo that an earlier run has begun.');
  note(`Creating ${demoProducts.length} products …`);
  await createProducts(cli, demoProducts.slice(0, -1), existing);
  note(`Placing ${demoOrders.length} orders of ${demoCustomers.length} customers …`);
  const early = demoOrders.filter(({ target }) => target !== 'placed');
  await placeOrders(cli, early);
  await advance(cli, early, note);
  await placeOrders(cli, demoOrders);
  await createProducts(cli, demoProducts.slice(-1), existing);

  const statuses = [...(await ordersOf(cli)).values()].map(({ status }) => status);
  const byStatus: Record<string, number> = {};
  for (const status of statuses) byStatus[status] = (byStatus[status] ?? 0) + 1;
  const summary = {
    products: demoProducts.length,
    customers: demoCustomers.length,
    orders: statuses.length,
    byStatus,
  };
  cli.printText(cli.isJson ? JSON.stringify(summary) : describe(summary));
  note('To look around: orderstream orders list, orderstream items list, orderstream status');
}

const describe = ({
  products,
  customers,
  orders,
  byStatus,
}: {
  readonly products: number;
  readonly customers: number;
  readonly orders: number;
  readonly byStatus: Readonly<Record<string, number>>;
}): string =>
  [
    styled('bold', `${products} products, ${customers} customers, ${orders} orders`),
    table(
      [
        { header: 'STATUS', value: ([status]) => status, style: ([status]) => statusStyle(status) },
        { header: 'ORDERS', value: ([, count]) => count, align: 'right' },
      ],
      Object.entries(byStatus),
    ),
  ].join('\n');
