/** Memory of one cache, in MiB. */
export interface HeapUse {
  readonly what: string;
  readonly mebibytes: number;
}

/** Returns heap and external memory after a garbage collection, in MiB. Needs `--expose-gc`. */
export function heap(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** References that prevent collection before the measurement. */
const held: unknown[] = [];

/** Returns the memory that the result of `fill` keeps. */
export async function heapUseOf(what: string, fill: () => unknown): Promise<HeapUse> {
  const before = heap();
  held.push(await fill());
  const mebibytes = heap() - before;
  held.length = 0;
  return { what, mebibytes };
}
