/** What a process of this part of the bench found, in MiB. */
export interface Kept {
  readonly what: string;
  readonly mebibytes: number;
}

/** In the heap and beside it, after a collection, in MiB. Needs `--expose-gc`. */
export function heap(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** So that it is not collected before it was measured. */
const held: unknown[] = [];

/** What is in memory because of what `fill` answers. */
export async function keptBy(what: string, fill: () => unknown): Promise<Kept> {
  const before = heap();
  held.push(await fill());
  const mebibytes = heap() - before;
  held.length = 0;
  return { what, mebibytes };
}
