import { parentPort, workerData } from 'node:worker_threads';
import { Handover } from '../subscriptions/handover.ts';
import { appendClients } from './append-clients.ts';
import type { Answered, AppendThreadData, Asked } from './append-thread.ts';
import { sendThrough } from './send-append.ts';

// The thread of `append-thread.ts`, an entry of its own.

const { url, ...limits } = workerData as AppendThreadData;
const send = sendThrough(appendClients(url), limits);

const answers = new Handover<Answered>((items) => parentPort?.postMessage(items));

// Everything is loaded.
parentPort?.postMessage([]);
parentPort?.on('message', (batch: readonly Asked[]) => {
  for (const [number, stream, events, expected] of batch)
    send(stream, events, expected).then((tried) => answers.add([number, tried]));
});
