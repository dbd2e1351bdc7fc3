import { measureEmbedded } from './embedded-node/embedded-node.ts';
import { note, option, text } from './harness/options.ts';
import { systemProcesses } from './harness/process-memory.ts';
import { type Row, table } from './harness/table.ts';
import { measureKept } from './memory/memory.ts';
import { measureDisk } from './orders/disk-space.ts';
import { measureHot } from './orders/hot-product.ts';
import { measureLong } from './orders/long-stream.ts';
import { measureAppending } from './orders/place-orders.ts';
import { measureReplay } from './orders/replay.ts';
import { measureLag } from './read-models/lag.ts';
import { measureProjections } from './read-models/projections.ts';
import { measureQueries } from './read-models/queries.ts';
import { measureRebuilding } from './read-models/rebuild.ts';

// npm run bench [-- --only PART,… --seconds N …]: each part side by side with what it is measured against, and one table.

/** In the order of the table; all of them, or those named by `--only`. */
const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  orders: () => measureAppending(option('seconds', 4)),
  replay: () => measureReplay(option('invoices', 400)),
  hot: () => measureHot(option('seconds', 4)),
  long: () => measureLong(option('events', 200_000), option('restarts', 3)),
  kept: () => measureKept(),
  projections: () => measureProjections(option('projected-orders', 3_000), text('models')?.split(',')),
  rebuild: () => measureRebuilding(option('rebuilt-orders', 20_000)),
  lag: () => measureLag(option('seconds', 4)),
  // `--orders 1000000` for a million; `--data FOLDER` keeps what was made for the next run.
  queries: () =>
    measureQueries({
      orders: [1_000, option('orders', 100_000)],
      seconds: option('seconds', 4),
      folder: text('data'),
    }),
  disk: () => measureDisk(option('orders', 2_000)),
  embedded: () => measureEmbedded(option('seconds', 2)),
};

const named = text('only')?.split(',') ?? Object.keys(parts);
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  note(`no part is called ${unknown.join(', ')}: there are ${Object.keys(parts).join(', ')}`);
  process.exit(1);
}
// A system's processes are a group of their own, which nobody else would end.
process.once('SIGTERM', async () => {
  for (const { pid } of await systemProcesses()) process.kill(pid, 'SIGKILL');
  process.exit(1);
});
const rows: Row[] = [];
for (const name of named) {
  note(name);
  const measured = (await parts[name]?.()) ?? [];
  if (named.length > 1) note(table(measured));
  rows.push(...measured);
}
process.stdout.write(`${table(rows)}\n`);
