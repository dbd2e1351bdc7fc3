import { type MessagePort, workerData } from 'node:worker_threads';
import '../../event-store/append/append-worker.ts';

// The append worker thread, which also reports its heap every 20 ms, and after a garbage collection on request.

/** Heap and external memory in MiB. */
export interface ThreadHeap {
  readonly used: number;
  readonly isCollected: boolean;
}

const { port } = workerData as { readonly port: MessagePort };
const LOOK_EVERY_MS = 20;

function report(isCollected: boolean): void {
  const { heapUsed, external } = process.memoryUsage();
  port.postMessage({ used: (heapUsed + external) / 2 ** 20, isCollected } satisfies ThreadHeap);
}

setInterval(() => report(false), LOOK_EVERY_MS).unref();
port.on('message', () => {
  globalThis.gc?.();
  report(true);
});
port.unref();
