import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { appendAll, appendOne } from './max-appends.ts';
import type { ThreadHeap } from './measured-append-worker.ts';

// A process that appends with the append worker thread.

/** Appends the maximum that may be in flight at once, or one event. */
export interface Request {
  readonly url: string;
  readonly append: 'all' | 'one';
}

/** In MiB: heap of the thread after the appends and its maximum. */
export interface Measurement {
  readonly appends: number;
  readonly failed: number;
  readonly resident: number;
  readonly maxResident: number;
  readonly inThread: number;
  readonly maxInThread: number;
}

const LOOK_EVERY_MS = 20;
const resident = () => process.memoryUsage().rss / 2 ** 20;

let store: EventStoreConnection | undefined;
let thread: MessagePort | undefined;
let maxInThread = 0;

/** Each thread has its own port: the client replaces a thread that does not respond. */
const connect = (url: string): EventStoreConnection =>
  connectEventStore({
    catalogue,
    url,
    appendThread: (data) => {
      const { port1, port2 } = new MessageChannel();
      thread = port1.on('message', ({ used }: ThreadHeap) => {
        maxInThread = Math.max(maxInThread, used);
      });
      const file = new URL('./measured-append-worker.js', import.meta.url);
      return new Worker(file, { workerData: { ...data, port: port2 }, transferList: [port2] });
    },
  });

/** Returns the heap of the thread after a garbage collection. */
const inThread = () =>
  new Promise<number>((resolve) => {
    thread?.on('message', ({ used, isCollected }: ThreadHeap) => isCollected && resolve(used));
    thread?.postMessage('collect');
  });

async function measured(work: () => readonly Promise<unknown>[]): Promise<Measurement> {
  maxInThread = 0;
  let maxResident = resident();
  const look = setInterval(() => {
    maxResident = Math.max(maxResident, resident());
  }, LOOK_EVERY_MS);
  const settled = await Promise.allSettled(work());
  clearInterval(look);
  globalThis.gc?.();
  return {
    appends: settled.length,
    failed: settled.filter(({ status }) => status === 'rejected').length,
    resident: resident(),
    maxResident,
    maxInThread,
    inThread: await inThread(),
  };
}

serveRequests<Request, Measurement>(async (request) => {
  store ??= connect(request.url);
  const connected = store;
  await connected.warmUp();
  return measured(() => (request.append === 'all' ? appendAll(connected) : [appendOne(connected)]));
});
