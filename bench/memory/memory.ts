import { BenchProcess } from '../harness/bench-process.ts';
import type { Row } from '../harness/table.ts';
import { measureAppendThread } from './append-thread.ts';
import { measureConnections } from './connections.ts';
import type { HeapUse } from './heap.ts';

/** Node options of `orderstream`, and explicit garbage collection. */
const ARGUMENTS = ['--expose-gc', '--max-semi-space-size=32', '--min-semi-space-size=32'];
const PROCESSES = ['./state-cache-process.js', './caches-process.js', './deliveries-process.js'];

/** Measures the memory of write side and process managers at their limits, with the largest inputs that the APIs accept. */
export async function measureMemory(): Promise<Row[]> {
  const heaps = (await Promise.all(PROCESSES.map(measureIn))).flat();
  return [
    ...heaps.map(({ what, mebibytes }): Row => ({ what, unit: 'MiB', measured: mebibytes })),
    ...(await measureAppendThread(ARGUMENTS)),
    ...(await measureConnections(ARGUMENTS)),
  ];
}

async function measureIn(file: string): Promise<readonly HeapUse[]> {
  const process = new BenchProcess<object, readonly HeapUse[]>(new URL(file, import.meta.url), ARGUMENTS);
  const heaps = await process.request({});
  await process.end();
  return heaps;
}
