import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import type { System } from '../../test/support/system.ts';
import { customerIdOf, generateOrders, orderIdOf } from '../data/generate-orders.ts';
import { BenchProcess } from '../harness/bench-process.ts';
import { type HttpLoad, type LoadRequest, measureHttpLoad } from '../harness/http-load.ts';
import { log } from '../harness/options.ts';
import { measureInPairs, median, type Pair } from '../harness/paired-runs.ts';
import { peakMemory, systemProcesses } from '../harness/process-memory.ts';
import { type Row, table } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';
import type { StoredResponses } from './baseline-query-server.ts';

const PAIRS = 3;
const SAMPLE = 1_000;
/** Orders generated between two saves of the progress: a preparation that is aborted loses at most these. */
const PORTION = 2_000;
const ROLES = ['eventstore', 'projections', 'read-api'];

export interface QueriesOptions {
  readonly orders: readonly number[];
  readonly seconds: number;
  /** Folder that keeps the generated orders for another run; default: a temporary folder. */
  readonly folder?: string | undefined;
}

/** Measures the query API against an express app that answers from memory, with few orders and with many. */
export async function measureQueries({ orders, seconds, folder }: QueriesOptions): Promise<Row[]> {
  const parent = folder ?? (await mkdtemp(join(tmpdir(), 'orderstream-bench-')));
  try {
    const measured: Measured[] = [];
    for (const count of orders) {
      measured.push(await measureAt(count, join(parent, `orders-${count}`), seconds));
      log(table(measured.slice(-1).flatMap((one) => rowsOf(one, measured[0]))));
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
  return withSystem(
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

/** Generates orders up to this number and waits until every read model has them; continues an aborted preparation. */
async function prepare({ env, queryUrl, token }: System, folder: string, orders: number): Promise<void> {
  const progress = join(folder, 'orders-made');
  const store = connectEventStore({ catalogue, url: env.EVENTSTORE_URL ?? '' });
  for (let made = Number(await readFile(progress, 'utf8').catch(() => 0)); made < orders; ) {
    const portion = Math.min(PORTION, orders - made);
    await generateOrders(store, { from: made, orders: portion, of: orders });
    made += portion;
    await writeFile(progress, `${made}`);
    if (made % 10_000 === 0) log(`${made} of ${orders} orders made`);
  }
  const end = (await store.head())?.commit ?? 0n;
  await store.close();
  for (let looks = 0; ; looks++) {
    const headers = { authorization: `Bearer ${token('operator')}` };
    const answer = await fetch(`${queryUrl}/api/v1/projections`, { headers });
    const { items } = (await answer.json()) as { items: { position: string | null }[] };
    const least = items.map(({ position }) => BigInt(position ?? 0)).reduce((a, b) => (a < b ? a : b), end);
    if (least >= end) return;
    if (looks % 50 === 49) log(`the read models are at ${least} of ${end}`);
    await sleep(200);
  }
}

/** Sends the same requests to both servers, in paired runs. */
async function against(system: System, requests: readonly Named[], seconds: number): Promise<Against> {
  const memory = new BenchProcess<StoredResponses, string>(
    new URL('./baseline-query-server.js', import.meta.url),
  );
  const url = await memory.request({
    secret: system.env.JWT_SECRET ?? '',
    answers: await answersOf(system, requests),
  });
  const [ours, theirs]: [HttpLoad[], HttpLoad[]] = [[], []];
  const load = (address: string, into: HttpLoad[]) => async () => {
    const measured = await measureHttpLoad(address, requests, seconds);
    into.push(measured);
    return measured.perSecond;
  };
  await measureInPairs(1, load(system.queryUrl, []), load(url, []));
  const pair = await measureInPairs(PAIRS, load(system.queryUrl, ours), load(url, theirs));
  await memory.end();
  const [our, their] = [median(ours.map(({ p99 }) => p99)), median(theirs.map(({ p99 }) => p99))];
  return { ...pair, p99: { ours: our, theirs: their, ratio: our / their } };
}

interface Named extends LoadRequest {
  /** Caller of the request when the path alone does not determine the response. */
  readonly sub?: string;
}

async function answersOf(
  { queryUrl }: System,
  requests: readonly Named[],
): Promise<StoredResponses['answers']> {
  const answers: Record<string, StoredResponses['answers'][string]> = {};
  for (const { path, token, sub } of requests) {
    const answer = await fetch(`${queryUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const stored = [...answer.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
    answers[sub === undefined ? path : `${path} ${sub}`] = {
      body: await answer.text(),
      headers: Object.fromEntries(stored),
    };
  }
  return answers;
}

/** Headers that Node sets itself. */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
]);

function rowsOf({ orders, one, page, memory }: Measured, few: Measured | undefined): Row[] {
  const rows = (what: string, { ours, ratio, p99 }: Against, atFew: Against | undefined): Row[] => [
    { what: `${what}, ${orders} orders`, measured: ours, ratio, target: '≥ 0.60' },
    { what: 'its p99, against that from memory', unit: 'ms', measured: p99.ours, ratio: p99.ratio },
    ...(atFew === undefined
      ? []
      : [
          {
            what: 'against that with few orders',
            unit: 'ms',
            measured: p99.ours,
            ratio: p99.ours / atFew.p99.ours,
            target: '≤ 1.50',
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
      target: '< 300',
    })),
  ];
}
