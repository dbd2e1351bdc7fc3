import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendRate, fill, readRate } from './embedded-load.ts';
import { type ServerProcess, startEchoServer, startNode } from './embedded-process.ts';
import { deliveryRate, liveLatency } from './embedded-subscriptions.ts';
import type { Row } from './table.ts';

const PAIRS = 5;
const SMALL = 10_000;
const LARGE = 1_000_000;
const READ = 50_000;
const LATENCIES = 2_000;
const DELIVERIES = 20_000;
const MICROSECONDS = 1_000;
const KIBIBYTES_PER_MEBIBYTE = 1_024;

interface Pair {
  readonly ours: number;
  readonly ratio: number;
}

/** Both in turn, several times, and the median of the ratios: what else the machine does meets both alike. */
async function inPairs(ours: () => Promise<number>, theirs: () => Promise<number>): Promise<Pair> {
  const pairs: Pair[] = [];
  for (let i = 0; i < PAIRS; i++) {
    const [rate, other] = [await ours(), await theirs()];
    pairs.push({ ours: rate, ratio: rate / other });
  }
  return median(pairs);
}

const median = (pairs: Pair[]): Pair =>
  pairs.sort((a, b) => a.ratio - b.ratio)[Math.floor(pairs.length / 2)] ?? { ours: 0, ratio: 0 };

/** The most that a process ever had in memory, in MiB, as Linux counts it. */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / KIBIBYTES_PER_MEBIBYTE;
}

async function againstEcho(node: ServerProcess, seconds: number): Promise<Row[]> {
  const echo = await startEchoServer();
  const both = (measure: (address: string) => Promise<number>) =>
    inPairs(
      () => measure(node.address),
      () => measure(echo.address),
    );
  const appends = (inFlight: number) => (address: string) => appendRate(address, { inFlight, seconds });
  await both((address) => appendRate(address, { inFlight: 64, seconds: 0.5 }));
  const many = await both(appends(64));
  const one = await both(appends(1));
  await fill(node.address, READ, (append) => `bench-${append % 1_000}`);
  const reads = await both((address) => readRate(address, READ));
  await echo.stop();
  return [
    row('embedded: appends, 64 in flight, against echo', many, 0.6),
    row('embedded: appends, 1 in flight, against echo', one),
    row('embedded: events of $all, against echo', reads, 0.7),
  ];
}

const row = (what: string, { ours, ratio }: Pair, wanted?: number): Row => ({
  what,
  perSecond: ours,
  ratio,
  ...(wanted !== undefined && { wanted }),
});

async function subscriptions(node: ServerProcess): Promise<Row[]> {
  const { p50, p99 } = await liveLatency(node.address, LATENCIES);
  await fill(node.address, DELIVERIES, () => 'deliveries');
  return [
    { what: 'embedded: live subscription, p50 in µs', perSecond: p50 * MICROSECONDS },
    { what: 'embedded: live subscription, p99 in µs', perSecond: p99 * MICROSECONDS },
    {
      what: 'embedded: deliveries to a consumer of a group',
      perSecond: await deliveryRate(node.address, 'deliveries', DELIVERIES),
    },
  ];
}

/** A node that is small, and one that has a million events and a stream of 200,000 of them. */
async function growth(folder: string, seconds: number): Promise<Row[]> {
  const smallNode = await startNode(join(folder, 'small'));
  await fill(smallNode.address, SMALL, (append) => (append % 5 ? `bench-${append % 1_000}` : 'long'));
  const folderOfLarge = join(folder, 'large');
  const filling = await startNode(folderOfLarge);
  await fill(filling.address, LARGE, (append) => (append % 5 ? `bench-${append % 1_000}` : 'long'));
  const filled = await peakMemory(filling.pid);
  await filling.stop();
  const startedAt = performance.now();
  const large = await startNode(folderOfLarge);
  const startSeconds = (performance.now() - startedAt) / 1_000;
  const both = (measure: (address: string) => Promise<number>) =>
    inPairs(
      () => measure(large.address),
      () => measure(smallNode.address),
    );
  const rows = [
    row(
      'embedded: appends at 1,000,000 events, against 10,000',
      await both((address) => appendRate(address, { inFlight: 64, seconds })),
      0.8,
    ),
    row(
      'embedded: appends to a stream of 200,000, against 2,000',
      await both((address) => appendRate(address, { inFlight: 64, seconds, stream: 'long' })),
      0.8,
    ),
    row(
      'embedded: $all at 1,000,000 events, against 10,000',
      await both((address) => readRate(address, SMALL)),
      0.8,
    ),
    row(
      'embedded: a stream of 200,000, against 2,000',
      await both((address) => readRate(address, SMALL / 5, 'long')),
      0.8,
    ),
    { what: `embedded: start with ${LARGE} events, in ms`, perSecond: startSeconds * 1_000 },
    { what: 'embedded: highest memory while these were written, in MiB', perSecond: filled },
    { what: 'embedded: highest memory after, in MiB', perSecond: await peakMemory(large.pid) },
  ];
  await large.stop();
  await smallNode.stop();
  return rows;
}

/** The embedded node by itself, synced to disk: against a server that does nothing, and against itself when it was small. */
export async function measureEmbedded(seconds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-bench-'));
  try {
    const node = await startNode(join(folder, 'node'));
    const rows = [...(await againstEcho(node, seconds)), ...(await subscriptions(node))];
    const memory = { what: 'embedded: highest memory so far, in MiB', perSecond: await peakMemory(node.pid) };
    await node.stop();
    return [...rows, memory, ...(await growth(folder, seconds))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
