import { measureEmbeddedNode } from './embedded-node/embedded-node.ts';
import { measureGateway } from './gateway/gateway.ts';
import { log, numberOption, textOption } from './harness/options.ts';
import { systemProcesses } from './harness/process-memory.ts';
import { type Row, table } from './harness/table.ts';
import { measureMemory } from './memory/memory.ts';
import { measureDiskSpace } from './orders/disk-space.ts';
import { measureHotProduct } from './orders/hot-product.ts';
import { measureLongStream } from './orders/long-stream.ts';
import { measurePlaceOrders } from './orders/place-orders.ts';
import { measureReplay } from './orders/replay.ts';
import { measureLag } from './read-models/lag.ts';
import { measureProjections } from './read-models/projections.ts';
import { measureQueries } from './read-models/queries.ts';
import { measureRebuild } from './read-models/rebuild.ts';

// npm run bench [-- --only PART,… --seconds N …]: measures each part beside its baseline, and prints one table.

/** All parts, in the order of the table. `--only` selects some. */
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  orders: () => measurePlaceOrders(numberOption('seconds', 4)),
  replay: () => measureReplay(numberOption('invoices', 400)),
  hot: () => measureHotProduct(numberOption('seconds', 4)),
  long: () => measureLongStream(numberOption('events', 200_000), numberOption('restarts', 3)),
  memory: () => measureMemory(),
  projections: () =>
    measureProjections(numberOption('projected-orders', 3_000), textOption('models')?.split(',')),
  rebuild: () => measureRebuild(numberOption('rebuilt-orders', 20_000)),
  lag: () => measureLag(numberOption('seconds', 4)),
  // `--orders 1000000` for a million orders; `--data FOLDER` keeps the generated orders for the next run.
  queries: () =>
    measureQueries({
      orders: [1_000, numberOption('orders', 100_000)],
      seconds: numberOption('seconds', 4),
      folder: textOption('data'),
    }),
  gateway: () => measureGateway(numberOption('seconds', 4)),
  disk: () => measureDiskSpace(numberOption('orders', 2_000)),
  embedded: () => measureEmbeddedNode(numberOption('seconds', 2)),
};

const named = textOption('only')?.split(',') ?? Object.keys(parts);
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  log(`unknown part: ${unknown.join(', ')}; allowed: ${Object.keys(parts).join(', ')}`);
  process.exit(1);
}
// The systems run in process groups of their own, which a signal to this process does not reach.
process.once('SIGTERM', async () => {
  for (const { pid } of await systemProcesses()) process.kill(pid, 'SIGKILL');
  process.exit(1);
});
const rows: Row[] = [];
for (const name of named) {
  log(name);
  const measured = (await parts[name]?.()) ?? [];
  if (named.length > 1) log(table(measured));
  rows.push(...measured);
}
process.stdout.write(`${table(rows)}\n`);
