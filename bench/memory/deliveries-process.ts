import pLimit from 'p-limit';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { fulfilment } from '../../domain/fulfilment/decider.ts';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import { silent } from '../../event-store/logger.ts';
import { fulfilmentRunner } from '../../process-managers/fulfilment-runner.ts';
import { outsideCalls } from '../../process-managers/outside-calls.ts';
import { defaultConcurrency } from '../../process-managers/start.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { never, recordedEvent, unresponsiveStore } from './fake-event-store.ts';
import { heapUseOf } from './heap.ts';
import { largestOrder } from './largest-inputs.ts';

// Process managers at their limit while the store does not answer: the maximum number of deliveries of the largest orders is
// handled, with a command for each line, and as many deliveries wait.

const { deliveries, steps, calls: atOnce, callsWaiting: waiting } = defaultConcurrency;
const placed = (orderId: string) => ({ type: 'OrderPlaced', data: largestOrder(orderId) });

const full = async () => {
  const runner = fulfilmentRunner({
    handler: createCommandHandler({ store: unresponsiveStore }),
    decider: fulfilment(fulfilmentPolicy),
    calls: outsideCalls({ make: () => never, atOnce, waiting, logger: silent }),
    unparkWait: () => never,
    parkException: () => never,
    stepLimit: pLimit(steps),
    clock: () => new Date(),
  });
  const ids = Array.from({ length: deliveries }, (_, number) => `order-${number}`);
  // The client keeps delivered events until they are acknowledged, besides the decoded events that are handled.
  const delivered = [...ids, ...ids].map(placed);
  for (const id of ids) void runner.handle(recordedEvent(placed(id), orderStream(id), 0));
  await new Promise(setImmediate);
  return { runner, delivered };
};

serveRequests(async () => [
  await heapUseOf(`${deliveries} deliveries of the largest orders being handled, as many waiting`, full),
]);
