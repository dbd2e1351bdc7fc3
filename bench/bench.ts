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
const SECONDS = option('seconds', 4);
const ROUNDS = 5;
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

interface Appending {
  readonly bareOne: number;
  readonly bareMany: number;
  readonly orders: number;
  /** `POST /orders` against the bare client, from pairs measured one after the other. */
  readonly ratio: number;
}

/** The bare client and the command API in turn, each on a node of its own; the medians of some rounds. */
async function measureAppending(): Promise<Appending> {
  return on(['eventstore'], (bare) =>
    on(['eventstore', 'write-side'], async ({ commandUrl, token }) => {
      const client = bareClient(bare.env.EVENTSTORE_URL ?? '');
      const desk = await openOrderDesk(commandUrl, token('operator'), IN_FLIGHT);
      const many = { inFlight: IN_FLIGHT, seconds: SECONDS };
      await perSecond({ ...many, seconds: WARM_UP_SECONDS }, client.append);
      await perSecond({ ...many, seconds: WARM_UP_SECONDS }, desk.placeOrder);
      const bareOne = await perSecond({ ...many, inFlight: 1 }, client.append);
      const rounds: { readonly bare: number; readonly orders: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const bare = await perSecond(many, client.append);
        rounds.push({ bare, orders: await perSecond(many, desk.placeOrder) });
      }
      await Promise.all([client.close(), desk.close()]);
      return {
        bareOne,
        bareMany: median(rounds.map(({ bare }) => bare)),
        orders: median(rounds.map(({ orders }) => orders)),
        ratio: median(rounds.map(({ bare, orders }) => orders / bare)),
      };
    }),
  );
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

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
  note('bare client and POST /orders');
  const appending = await measureAppending();
  const file = process.env.REPLAY_FILE ?? join(folder, 'sales.csv');
  if (!process.env.REPLAY_FILE)
    await writeFile(file, salesFile({ invoices: INVOICES, products: 1_500, seed: 7 }));
  note('replay');
  const replayed = await measureReplay(file);
  const bareLines = await measureBareReplay(replayed);

  const rows: Row[] = [
    { what: 'bare client: appends, 1 in flight', perSecond: appending.bareOne },
    { what: `bare client: appends, ${IN_FLIGHT} in flight`, perSecond: appending.bareMany, ratio: 1 },
    {
      what: `POST /orders, ${IN_FLIGHT} in flight`,
      perSecond: appending.orders,
      ratio: appending.ratio,
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
