import { parentPort, workerData } from 'node:worker_threads';
import { openAppendClients } from '../connection/append-clients.ts';
import {
  type AppendThreadData,
  batchedMessages,
  type NumberedAttempt,
  type NumberedResult,
} from './append-thread.ts';
import { attemptThrough } from './attempt.ts';

// The entry of the thread that `append-thread.ts` starts.

const { url, ...limits } = workerData as AppendThreadData;
const attempt = attemptThrough(openAppendClients(url), limits);
const results = batchedMessages<NumberedResult>((batch) => parentPort?.postMessage(batch));

// The first message reports that the code of the thread is loaded.
parentPort?.postMessage([]);
parentPort?.on('message', (batch: readonly NumberedAttempt[]) => {
  for (const [number, stream, events, expected] of batch)
    attempt(stream, events, expected).then((result) => results.add([number, result]));
});
