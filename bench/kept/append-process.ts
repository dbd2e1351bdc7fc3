import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { connectEventStore, type EventStoreConnection } from '../../event-store/connect.ts';
import { fulfilmentStream, inventoryStream, orderStream } from '../../event-store/streams.ts';
import { defaultAdmission } from '../../platform/http/admission.ts';
import { SNAPSHOTS_AT_ONCE } from '../../write-side/commands/snapshotting.ts';
import { defaultConcurrency } from '../../write-side/process-managers/start.ts';
import { serve } from '../child.ts';
import { movements } from '../movements.ts';
import { largestFulfilment, largestOrder } from './largest.ts';
import type { ThreadHeap } from './watched-append-worker.ts';

// A process that appends by a thread of its own, as many and as large at once as a process that is write side and process managers can: of each
// request and each delivery at work the largest order, of each step a reservation, and the snapshots that may be on their way.

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
let orders = 0;

/** Each thread has a port of its own: one that ends, as the client has it end where nobody reads what it writes, is followed by another. */
const connect = (url: string): EventStoreConnection =>
  connectEventStore({
    url,
    appendThread: (data) => {
      const { port1, port2 } = new MessageChannel();
      thread = port1.on('message', ({ used }: ThreadHeap) => {
        mostInThread = Math.max(mostInThread, used);
      });
      const file = new URL('./watched-append-worker.js', import.meta.url);
      return new Worker(file, { workerData: { ...data, port: port2 }, transferList: [port2] });
    },
  });

const append = (to: EventStoreConnection, stream: string, event: DomainEvent) => {
  const metadata = {
    $correlationId: stream,
    $causationId: stream,
    commandId: stream,
    actor: { sub: 'olivia', role: 'operator' } as const,
  };
  return to.append(stream, [{ event, metadata }], 'any');
};

const appendOne = (to: EventStoreConnection) =>
  append(to, orderStream(`${orders++}`), { type: 'OrderPlaced', data: largestOrder('one') });

/** Largest orders, what the process manager notes of them, reservations, and snapshots of 10,000 orders. */
function appendAll(to: EventStoreConnection): readonly Promise<unknown>[] {
  const ids = (count: number) => Array.from({ length: count }, () => `${orders++}`);
  const closed = movements('P', 0, 20_000).map(({ data }) => [data.orderId, Date.parse(data.placedAt)]);
  const position = { commit: 1n, prepare: 1n };
  const snapshot = {
    shape: 'bench',
    version: 1,
    revision: 1n,
    position,
    state: { closed: closed.slice(0, 10_000) },
  };
  return [
    ...ids(defaultAdmission.atOnce).map((id) =>
      append(to, orderStream(id), { type: 'OrderPlaced', data: largestOrder(id) }),
    ),
    ...ids(defaultConcurrency.deliveries).flatMap((id) =>
      largestFulfilment(id)
        .slice(0, 1)
        .map((event) => append(to, fulfilmentStream(id), event)),
    ),
    ...ids(defaultConcurrency.steps).flatMap((id) =>
      movements(id, 0, 1).map((event) => append(to, inventoryStream(id), event)),
    ),
    ...ids(SNAPSHOTS_AT_ONCE).map((id) => to.snapshots.save(inventoryStream(id), snapshot)),
  ];
}

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
