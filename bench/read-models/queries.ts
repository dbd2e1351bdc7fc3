import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import type { System } from '../../test/support/system.ts';
import { customerIdOf, generateOrders, orderIdOf } from '../data/generate-orders.ts';
import { Child } from '../harness/bench-process.ts';
import { type HttpLoad, httpLoad, type Repeated } from '../harness/http-load.ts';
import { note } from '../harness/options.ts';
import { inPairs, median, type Pair } from '../harness/paired-runs.ts';
import { peakMemory, systemProcesses } from '../harness/process-memory.ts';
import { type Row, table } from '../harness/table.ts';
import { onSystem } from '../harness/with-system.ts';
import type { Remembered } from './baseline-query-server.ts';

const PAIRS = 3;
const SAMPLE = 1_000;
/** Orders told between two notes of how many there are: what is lost of a preparation that is cut short. */
const PORTION = 2_000;
const ROLES = ['eventstore', 'projections', 'read-api'];

export interface QueriesOptions {
  readonly orders: readonly number[];
  readonly seconds: number;
  /** Where the orders that were made stay, for another run; a temporary folder when absent. */
  readonly folder?: string | undefined;
}

/** The query API against an express app that answers from memory, with few orders and with many. */
export async function measureQueries({ orders, seconds, folder }: QueriesOptions): Promise<Row[]> {
  const parent = folder ?? (await mkdtemp(join(tmpdir(), 'orderstream-bench-')));
  try {
    const measured: Measured[] = [];
    for (const count of orders) {
      measured.push(await measureAt(count, join(parent, `orders-${count}`), seconds));
      note(table(measured.slice(-1).flatMap((one) => rowsOf(one, measured[0]))));
    }
    return measured.flatMap((one) => rowsOf(one, measured[0]));
  } finally {
    if (folder === undefined) await rm(parent, { recursive: true });
  }
}

interface Against extends Pair {
  readonly p99: Pair;
}

interface Measured {
  readonly orders: number;
  readonly one: Against;
  readonly page: Against;
  readonly memory: readonly { readonly command: string; readonly mebibytes: number }[];
}

async function measureAt(orders: number, folder: string, seconds: number): Promise<Measured> {
  await mkdir(folder, { recursive: true });
  return onSystem(
    ROLES,
    async (system) => {
      await prepare(system, folder, orders);
      const operator = system.token('operator');
      const stride = Math.max(1, Math.floor(orders / SAMPLE));
      const indexes = Array.from({ length: Math.min(orders, SAMPLE) }, (_, index) => index * stride);
      const byId = indexes.map((index) => ({ path: `/api/v1/orders/${orderIdOf(index)}`, token: operator }));
      const customers = [...new Set(indexes.map((index) => customerIdOf(index, orders)))];
      const pages = customers.map((sub) => ({
        path: '/api/v1/orders',
        token: system.token('customer', sub),
        sub,
      }));
      const one = await against(system, byId, seconds);
      const page = await against(system, pages, seconds);
      const processes = await systemProcesses();
      const memory = await Promise.all(
        processes.map(async ({ pid, command }) => ({ command, mebibytes: await peakMemory(pid) })),
      );
      return { orders, one, page, memory };
    },
    { DATA_DIR: folder },
  );
}

/** As many orders as are wanted, in the event store and in every read model; goes on where it was cut short. */
async function prepare({ env, queryUrl, token }: System, folder: string, orders: number): Promise<void> {
  const progress = join(folder, 'orders-made');
  const store = connectEventStore({ catalogue, url: env.EVENTSTORE_URL ?? '' });
  for (let made = Number(await readFile(progress, 'utf8').catch(() => 0)); made < orders; ) {
    const portion = Math.min(PORTION, orders - made);
    await generateOrders(store, { from: made, orders: portion, of: orders });
    made += portion;
    await writeFile(progress, `${made}`);
    if (made % 10_000 === 0) note(`${made} of ${orders} orders made`);
  }
  const end = (await store.head())?.commit ?? 0n;
  await store.close();
  for (let looks = 0; ; looks++) {
    const headers = { authorization: `Bearer ${token('operator')}` };
    const answer = await fetch(`${queryUrl}/api/v1/projections`, { headers });
    const { items } = (await answer.json()) as { items: { position: string | null }[] };
    const least = items.map(({ position }) => BigInt(position ?? 0)).reduce((a, b) => (a < b ? a : b), end);
    if (least >= end) return;
    if (looks % 50 === 49) note(`the read models are at ${least} of ${end}`);
    await sleep(200);
  }
}

/** The same requests to both, in pairs. */
async function against(system: System, requests: readonly Named[], seconds: number): Promise<Against> {
  const memory = new Child<Remembered, string>(new URL('./baseline-query-server.js', import.meta.url));
  const url = await memory.ask({
    secret: system.env.JWT_SECRET ?? '',
    answers: await answersOf(system, requests),
  });
  const [ours, theirs]: [HttpLoad[], HttpLoad[]] = [[], []];
  const load = (address: string, into: HttpLoad[]) => async () => {
    const measured = await httpLoad(address, requests, seconds);
    into.push(measured);
    return measured.perSecond;
  };
  await inPairs(1, load(system.queryUrl, []), load(url, []));
  const pair = await inPairs(PAIRS, load(system.queryUrl, ours), load(url, theirs));
  await memory.end();
  const [our, their] = [median(ours.map(({ p99 }) => p99)), median(theirs.map(({ p99 }) => p99))];
  return { ...pair, p99: { ours: our, theirs: their, ratio: our / their } };
}

interface Named extends Repeated {
  /** Whose answer it is, where the path does not say it. */
  readonly sub?: string;
}

async function answersOf({ queryUrl }: System, requests: readonly Named[]): Promise<Remembered['answers']> {
  const answers: Record<string, Remembered['answers'][string]> = {};
  for (const { path, token, sub } of requests) {
    const answer = await fetch(`${queryUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const kept = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
    answers[sub === undefined ? path : `${path} ${sub}`] = {
      body: await answer.text(),
      headers: Object.fromEntries(kept),
    };
  }
  return answers;
}

/** Node writes these itself. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

function rowsOf({ orders, one, page, memory }: Measured, few: Measured | undefined): Row[] {
  const rows = (what: string, { ours, ratio, p99 }: Against, atFew: Against | undefined): Row[] => [
    { what: `${what}, ${orders} orders`, measured: ours, ratio, wanted: '≥ 0.60' },
    { what: 'its p99, against that from memory', unit: 'ms', measured: p99.ours, ratio: p99.ratio },
    ...(atFew === undefined
      ? []
      : [
          {
            what: 'against that with few orders',
            unit: 'ms',
            measured: p99.ours,
            ratio: p99.ours / atFew.p99.ours,
            wanted: '≤ 1.50',
          },
        ]),
  ];
  const isFew = few?.orders === orders;
  return [
    ...rows('GET /orders/:id', one, isFew ? undefined : few?.one),
    ...rows('a customer’s first page', page, isFew ? undefined : few?.page),
    ...memory.map(({ command, mebibytes }) => ({
      what: `highest memory of ${command}`,
      unit: 'MiB',
      measured: mebibytes,
      wanted: '< 300',
    })),
  ];
}
