import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log } from '../harness/options.ts';
import { OrderWatcher } from '../harness/order-watcher.ts';
import { openShop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const PRODUCTS = 20;
const IN_FLIGHT = 16;

/** Measures the disk space of an order of one line at rest: the growth of the files between two clean stops. */
export async function measureDiskSpace(orders: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-bench-'));
  const settings = { DATA_DIR: folder };
  const productOf = (index: number) => `disk-${index % PRODUCTS}`;
  try {
    await withSystem(
      [],
      async (system) => {
        const shop = openShop(system, 1);
        for (let index = 0; index < PRODUCTS; index++) await shop.createItem(productOf(index), STOCK_FOR_ALL);
        await shop.close();
      },
      settings,
    );
    const before = sizesOf(folder);
    await withSystem(
      [],
      async (system) => {
        const shop = openShop(system, IN_FLIGHT);
        const watch = new OrderWatcher(shop);
        let next = 0;
        const client = async () => {
          for (let index = next++; index < orders; index = next++)
            await watch.untilAtRest(await shop.placeOrder(productOf(index)));
        };
        await Promise.all(Array.from({ length: IN_FLIGHT }, client));
        await shop.close();
      },
      settings,
    );
    const after = sizesOf(folder);
    const perOrder = (of: (name: string) => boolean) =>
      [...after].reduce((sum, [name, bytes]) => (of(name) ? sum + bytes - (before.get(name) ?? 0) : sum), 0) /
      orders;
    for (const name of after.keys())
      log(`${name}: ${perOrder((other) => other === name).toFixed(0)} bytes an order`);
    const isEvents = (name: string) => name.includes('events.');
    const row = (what: string, of: (name: string) => boolean): Row => ({
      what,
      unit: 'bytes',
      measured: perOrder(of),
    });
    return [
      row(`an order at rest, of ${orders}: on disk`, () => true),
      row('event store: an order on disk', isEvents),
      row('read store: an order on disk', (name) => !isEvents(name)),
      row('read store, timeline: an order on disk', (name) => name.includes('timeline-')),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Returns the size of every file in a folder, by relative path. */
function sizesOf(folder: string): Map<string, number> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, statSync(join(folder, name)).size]));
}
