import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderstream, type System, startSystem } from '../test/support/system.ts';
import { bareClient } from './bare-client.ts';
import { measureEmbedded } from './embedded.ts';
import { perSecond, secondsFor } from './in-flight.ts';
import { openOrderDesk } from './post-orders.ts';
import { salesFile } from './sales-file.ts';
import { type Row, table } from './table.ts';

// npm run bench [-- --seconds N --invoices N --only embedded]: everything against the bare client in the same run, and one table.
const option = (name: string, otherwise: number) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const SECONDS = option('seconds', 5);
const INVOICES = option('invoices', 400);
const IN_FLIGHT = 64;
/** Until the code of both sides is compiled: rates still rise for some seconds. */
const WARM_UP_SECONDS = 5;
const EVENTS_PER_LINE = 2;
const EVENTS_PER_ORDER = 8;
const note = (text: string) => process.stderr.write(`${text}\n`);

/** Runs a part on a system of its own, on the embedded node and SQLite, in a temporary folder. */
async function on<T>(roles: readonly string[], work: (system: System) => Promise<T>): Promise<T> {
  const system = await startSystem({}, roles);
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
}

async function measureBareClient(): Promise<{ readonly one: number; readonly many: number }> {
  return on(['eventstore'], async ({ env }) => {
    const client = bareClient(env.EVENTSTORE_URL ?? '');
    await perSecond({ inFlight: IN_FLIGHT, seconds: WARM_UP_SECONDS }, client.append);
    const one = await perSecond({ inFlight: 1, seconds: SECONDS }, client.append);
    const many = await perSecond({ inFlight: IN_FLIGHT, seconds: SECONDS }, client.append);
    await client.close();
    return { one, many };
  });
}

async function measurePostOrders(): Promise<number> {
  return on(['eventstore', 'write-side'], async ({ commandUrl, token }) => {
    const desk = await openOrderDesk(commandUrl, token('operator'), IN_FLIGHT);
    await perSecond({ inFlight: IN_FLIGHT, seconds: WARM_UP_SECONDS }, desk.placeOrder);
    const rate = await perSecond({ inFlight: IN_FLIGHT, seconds: SECONDS }, desk.placeOrder);
    await desk.close();
    return rate;
  });
}

interface Replayed {
  readonly lines: number;
  readonly orders: number;
  readonly linesPerSecond: number;
}

async function measureReplay(file: string): Promise<Replayed> {
  return on([], async ({ env }) => {
    const { code, stdout, stderr } = await orderstream(
      ['replay', file, '--json', '--concurrency', `${IN_FLIGHT}`],
      env,
    );
    if (code !== 0) throw new Error(`the replay failed:\n${stderr}\n${stdout}`);
    return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Replayed;
  });
}

/** The same lines by the bare client: 2 events a line and 8 an order, one by one at 64 in flight. */
async function measureBareReplay({ lines, orders }: Replayed): Promise<number> {
  return on(['eventstore'], async ({ env }) => {
    const client = bareClient(env.EVENTSTORE_URL ?? '');
    await perSecond({ inFlight: IN_FLIGHT, seconds: WARM_UP_SECONDS }, client.append);
    const events = EVENTS_PER_LINE * lines + EVENTS_PER_ORDER * orders;
    const seconds = await secondsFor(events, IN_FLIGHT, client.append);
    await client.close();
    return lines / seconds;
  });
}

/** `--only embedded` measures the embedded node by itself; without `--only`, everything else. */
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
if (only === 'embedded') {
  process.stdout.write(`${table(await measureEmbedded(option('seconds', 2)))}\n`);
  process.exit();
}

const folder = await mkdtemp(join(tmpdir(), 'orderstream-bench-'));
try {
  note('bare client');
  const bare = await measureBareClient();
  note('POST /orders');
  const orders = await measurePostOrders();
  const file = process.env.REPLAY_FILE ?? join(folder, 'sales.csv');
  if (!process.env.REPLAY_FILE)
    await writeFile(file, salesFile({ invoices: INVOICES, products: 1_500, seed: 7 }));
  note('replay');
  const replayed = await measureReplay(file);
  const bareLines = await measureBareReplay(replayed);

  const rows: Row[] = [
    { what: 'bare client: appends, 1 in flight', perSecond: bare.one },
    { what: `bare client: appends, ${IN_FLIGHT} in flight`, perSecond: bare.many, ratio: 1 },
    {
      what: `POST /orders, ${IN_FLIGHT} in flight`,
      perSecond: orders,
      ratio: orders / bare.many,
      wanted: 0.25,
    },
    { what: `bare client: order lines, ${IN_FLIGHT} in flight`, perSecond: bareLines, ratio: 1 },
    {
      what: `replay: order lines, ${IN_FLIGHT} orders in flight`,
      perSecond: replayed.linesPerSecond,
      ratio: replayed.linesPerSecond / bareLines,
      wanted: 0.15,
    },
  ];
  process.stdout.write(`${table(rows)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
