import { Child } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import { measureAppendThread } from './append-thread.ts';
import { measureConnections } from './connections.ts';
import type { Kept } from './heap.ts';

/** As `orderstream` is started, and with collections when asked for. */
const ARGUMENTS = ['--expose-gc', '--max-semi-space-size=32', '--min-semi-space-size=32'];
const HEAPS = ['./state-cache-process.js', './caches-process.js', './deliveries-process.js'];

/** What processes of the write side and of process managers keep in memory at their limits, with the largest that the API accepts. */
export async function measureKept(): Promise<Row[]> {
  const kept = (await Promise.all(HEAPS.map(found))).flat();
  return [
    ...kept.map(({ what, mebibytes }): Row => ({ what, unit: 'MiB', measured: mebibytes })),
    ...(await measureAppendThread(ARGUMENTS)),
    ...(await measureConnections(ARGUMENTS)),
  ];
}

async function found(file: string): Promise<readonly Kept[]> {
  const child = new Child<object, readonly Kept[]>(new URL(file, import.meta.url), ARGUMENTS);
  const kept = await child.ask({});
  await child.end();
  return kept;
}
