import { type MessagePort, workerData } from 'node:worker_threads';
import '../../event-store/append/append-worker.ts';

// The thread for appends as it is, and beside it word by a port of what is in its heap, again and again, and whenever it is to collect garbage first.

/** MiB in the heap, what lies beside it included. */
export interface ThreadHeap {
  readonly used: number;
  readonly isCollected: boolean;
}

const { port } = workerData as { readonly port: MessagePort };
const LOOK_EVERY_MS = 20;

function say(isCollected: boolean): void {
  const { heapUsed, external } = process.memoryUsage();
  port.postMessage({ used: (heapUsed + external) / 2 ** 20, isCollected } satisfies ThreadHeap);
}

setInterval(() => say(false), LOOK_EVERY_MS).unref();
port.on('message', () => {
  globalThis.gc?.();
  say(true);
});
port.unref();
