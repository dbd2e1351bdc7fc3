import pLimit from 'p-limit';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { orderStream } from '../../event-catalogue/streams.ts';
import { silent } from '../../event-store/logger.ts';
import { autoCarrier } from '../../integrations/carrier/carrier.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { createProcessManager } from '../../process-managers/engine/create-process-manager.ts';
import { createCrashGuard } from '../../process-managers/engine/parking/crash-guard.ts';
import { createParking } from '../../process-managers/engine/parking/parking.ts';
import { defaultConcurrency } from '../../process-managers/engine/start-engine.ts';
import { DELIVERIES_AT_ONCE, fulfilment } from '../../process-managers/fulfilment/fulfilment.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { recordedEvent, unresponsiveStore } from './fake-event-store.ts';
import { heapUseOf } from './heap.ts';
import { largestOrder } from './largest-inputs.ts';

// Process managers at their limit while the store does not answer: the maximum number of deliveries of the largest orders is
// handled, with a command for each line, and as many deliveries wait.

const { commands, calls, callsWaiting } = defaultConcurrency;
const placed = (orderId: string) => ({ type: 'OrderPlaced', data: largestOrder(orderId) });

const full = async () => {
  const handler = createCommandHandler({ store: unresponsiveStore });
  const clock = () => new Date();
  const outside = { payments: simulatedPayments(), carrier: autoCarrier() };
  const manager = createProcessManager(fulfilment({ policy: fulfilmentPolicy, ...outside, handler, clock }), {
    handler,
    parking: createParking(handler, clock),
    guard: createCrashGuard(handler, clock),
    limit: pLimit(commands),
    maxRunningCalls: calls,
    maxWaitingCalls: callsWaiting,
    clock,
    logger: silent,
  });
  const ids = Array.from({ length: DELIVERIES_AT_ONCE }, (_, number) => `order-${number}`);
  // The client keeps delivered events until they are acknowledged, besides the decoded events that are handled.
  const delivered = [...ids, ...ids].map(placed);
  for (const id of ids) void manager.handle(recordedEvent(placed(id), orderStream(id), 0));
  await new Promise(setImmediate);
  return { manager, delivered };
};

serveRequests(async () => [
  await heapUseOf(
    `${DELIVERIES_AT_ONCE} deliveries of the largest orders being handled, as many waiting`,
    full,
  ),
]);
