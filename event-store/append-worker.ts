import { parentPort, workerData } from 'node:worker_threads';
import { appendClients } from './append-clients.ts';
import type { Answered, AppendThreadData, Asked } from './append-thread.ts';
import { sendThrough } from './send-append.ts';

// The thread of `append-thread.ts`, an entry of its own.

const { url, answerWithinMs } = workerData as AppendThreadData;
const send = sendThrough(appendClients(url), answerWithinMs);

let answers: Answered[] = [];
function hand(): void {
  parentPort?.postMessage(answers);
  answers = [];
}

// Everything is loaded.
hand();
parentPort?.on('message', (batch: readonly Asked[]) => {
  for (const [number, stream, events, expected] of batch)
    send(stream, events, expected).then((tried) => {
      if (answers.push([number, tried]) === 1) setImmediate(hand);
    });
});
