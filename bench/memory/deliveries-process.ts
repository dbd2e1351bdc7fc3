import pLimit from 'p-limit';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { fulfilment } from '../../domain/fulfilment/decider.ts';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import { silent } from '../../event-store/logger.ts';
import { fulfilmentRunner } from '../../process-managers/fulfilment-runner.ts';
import { outsideCalls } from '../../process-managers/outside-calls.ts';
import { defaultConcurrency } from '../../process-managers/start.ts';
import { serve } from '../harness/bench-process.ts';
import { never, recordedAs, silentStore } from './fake-event-store.ts';
import { keptBy } from './heap.ts';
import { largestOrder } from './largest-inputs.ts';

// Process managers with both hands full while the store answers nobody: as many deliveries as are handled at once, all of the largest orders, a
// step for each of their lines, and as many again that were delivered and wait.

const { deliveries, steps, calls: atOnce, callsWaiting: waiting } = defaultConcurrency;
const placed = (orderId: string) => ({ type: 'OrderPlaced', data: largestOrder(orderId) });

const full = async () => {
  const runner = fulfilmentRunner({
    handler: createCommandHandler({ store: silentStore }),
    decider: fulfilment(fulfilmentPolicy),
    calls: outsideCalls({ make: () => never, atOnce, waiting, logger: silent }),
    unparkWait: () => never,
    parkException: () => never,
    stepLimit: pLimit(steps),
    clock: () => new Date(),
  });
  const ids = Array.from({ length: deliveries }, (_, number) => `order-${number}`);
  // As the client has read them: kept until they are acknowledged, beside what the codec makes of those that are handled.
  const delivered = [...ids, ...ids].map(placed);
  for (const id of ids) void runner.handle(recordedAs(placed(id), orderStream(id), 0));
  await new Promise(setImmediate);
  return { runner, delivered };
};

serve(async () => [
  await keptBy(`${deliveries} deliveries of the largest orders in hand, as many waiting`, full),
]);
