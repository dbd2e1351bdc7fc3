import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { serve } from '../harness/bench-process.ts';
import { appendAll, appendOne } from './max-appends.ts';
import type { ThreadHeap } from './measured-append-worker.ts';

// A process that appends by a thread of its own.

/** All that may be under way at once, whatever comes of it, or one alone. */
export interface Request {
  readonly url: string;
  readonly append: 'all' | 'one';
}

/** In MiB; the heap of the thread, what it is afterwards and the most that it was. */
export interface Answer {
  readonly appends: number;
  readonly failed: number;
  readonly resident: number;
  readonly mostResident: number;
  readonly inThread: number;
  readonly mostInThread: number;
}

const LOOK_EVERY_MS = 20;
const resident = () => process.memoryUsage().rss / 2 ** 20;

let store: EventStoreConnection | undefined;
let thread: MessagePort | undefined;
let mostInThread = 0;

/** Each thread has a port of its own: one that ends, as the client has it end where nobody reads what it writes, is followed by another. */
const connect = (url: string): EventStoreConnection =>
  connectEventStore({
    catalogue,
    url,
    appendThread: (data) => {
      const { port1, port2 } = new MessageChannel();
      thread = port1.on('message', ({ used }: ThreadHeap) => {
        mostInThread = Math.max(mostInThread, used);
      });
      const file = new URL('./measured-append-worker.js', import.meta.url);
      return new Worker(file, { workerData: { ...data, port: port2 }, transferList: [port2] });
    },
  });

/** The thread's, with its garbage collected. */
const inThread = () =>
  new Promise<number>((resolve) => {
    thread?.on('message', ({ used, isCollected }: ThreadHeap) => isCollected && resolve(used));
    thread?.postMessage('collect');
  });

async function measured(work: () => readonly Promise<unknown>[]): Promise<Answer> {
  mostInThread = 0;
  let mostResident = resident();
  const look = setInterval(() => {
    mostResident = Math.max(mostResident, resident());
  }, LOOK_EVERY_MS);
  const settled = await Promise.allSettled(work());
  clearInterval(look);
  globalThis.gc?.();
  return {
    appends: settled.length,
    failed: settled.filter(({ status }) => status === 'rejected').length,
    resident: resident(),
    mostResident,
    mostInThread,
    inThread: await inThread(),
  };
}

serve<Request, Answer>(async (request) => {
  store ??= connect(request.url);
  const connected = store;
  await connected.warmUp();
  return measured(() => (request.append === 'all' ? appendAll(connected) : [appendOne(connected)]));
});
