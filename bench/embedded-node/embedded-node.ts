import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureInPairs, type Pair } from '../harness/paired-runs.ts';
import { peakMemory } from '../harness/process-memory.ts';
import type { Row } from '../harness/table.ts';
import { appendRate, fill, readRate } from './load.ts';
import { type ServerProcess, startEchoServer, startNode } from './servers.ts';
import { deliveryRate, liveLatency } from './subscriptions.ts';

const PAIRS = 5;
const SMALL = 10_000;
const LARGE = 1_000_000;
const READ = 50_000;
const LATENCIES = 2_000;
const DELIVERIES = 20_000;
const MICROSECONDS = 1_000;

async function againstEcho(node: ServerProcess, seconds: number): Promise<Row[]> {
  const echo = await startEchoServer();
  const both = (measure: (address: string) => Promise<number>) =>
    measureInPairs(
      PAIRS,
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
    row('embedded: appends, 64 in flight, against echo', many, '≥ 0.6'),
    row('embedded: appends, 1 in flight, against echo', one),
    row('embedded: events of $all, against echo', reads, '≥ 0.7'),
  ];
}

const row = (what: string, { ours, ratio }: Pair, target?: string): Row => ({
  what,
  measured: ours,
  ratio,
  ...(target !== undefined && { target }),
});

async function subscriptions(node: ServerProcess): Promise<Row[]> {
  const { p50, p99 } = await liveLatency(node.address, LATENCIES);
  await fill(node.address, DELIVERIES, () => 'deliveries');
  return [
    { what: 'embedded: live subscription, p50', unit: 'µs', measured: p50 * MICROSECONDS },
    { what: 'embedded: live subscription, p99', unit: 'µs', measured: p99 * MICROSECONDS },
    {
      what: 'embedded: deliveries to a consumer of a group',
      measured: await deliveryRate(node.address, 'deliveries', DELIVERIES),
    },
  ];
}

/** Compares a small node with one that has a million events and a stream of 200,000. */
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
    measureInPairs(
      PAIRS,
      () => measure(large.address),
      () => measure(smallNode.address),
    );
  const rows = [
    row(
      'embedded: appends at 1,000,000 events, against 10,000',
      await both((address) => appendRate(address, { inFlight: 64, seconds })),
      '≥ 0.8',
    ),
    row(
      'embedded: appends to a stream of 200,000, against 2,000',
      await both((address) => appendRate(address, { inFlight: 64, seconds, stream: 'long' })),
      '≥ 0.8',
    ),
    row(
      'embedded: $all at 1,000,000 events, against 10,000',
      await both((address) => readRate(address, SMALL)),
      '≥ 0.8',
    ),
    row(
      'embedded: a stream of 200,000, against 2,000',
      await both((address) => readRate(address, SMALL / 5, 'long')),
      '≥ 0.8',
    ),
    { what: `embedded: start with ${LARGE} events`, unit: 'ms', measured: startSeconds * 1_000 },
    { what: 'embedded: highest memory while these were written', unit: 'MiB', measured: filled },
    { what: 'embedded: highest memory after', unit: 'MiB', measured: await peakMemory(large.pid) },
  ];
  await large.stop();
  await smallNode.stop();
  return rows;
}

/** Measures the embedded node, synced to disk, against an echo server, and a large node against a small one. */
export async function measureEmbeddedNode(seconds: number): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-bench-'));
  try {
    const node = await startNode(join(folder, 'node'));
    const rows = [...(await againstEcho(node, seconds)), ...(await subscriptions(node))];
    const memory = {
      what: 'embedded: highest memory so far',
      unit: 'MiB',
      measured: await peakMemory(node.pid),
    };
    await node.stop();
    return [...rows, memory, ...(await growth(folder, seconds))];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
