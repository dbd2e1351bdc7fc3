import { aggregate } from '../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import { WaitKind } from '../../domain/fulfilment/events.ts';
import { isReceived } from '../../domain/fulfilment/facts.ts';
import type { OrderPlaced, OrderStoryEvent } from '../../domain/fulfilment/inputs.ts';
import type { FulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { maxTimeoutMs, timeoutMs } from '../../domain/fulfilment/timeouts.ts';
import { waits } from '../../domain/fulfilment/waits.ts';
import { fulfilmentWorkflow } from '../../domain/fulfilment/workflow.ts';
import type { InventoryState } from '../../domain/inventory/state.ts';
import { orderId } from '../../domain/kernel/ids.ts';
import { exceptionItem, waitItem } from '../../event-catalogue/parked-items.ts';
import { fulfilmentStream } from '../../event-catalogue/streams.ts';
import type { Carrier } from '../../integrations/carrier/carrier.ts';
import type { PaymentProvider } from '../../integrations/payments/payment-provider.ts';
import type { CommandTarget, Definition, WaitRules } from '../engine/definition.ts';
import { carrierCalls } from './carrier-calls.ts';
import { paymentCalls } from './payment-calls.ts';
import type { Fulfilment } from './types.ts';

export interface FulfilmentOptions {
  readonly policy: FulfilmentPolicy;
  readonly payments: PaymentProvider;
  readonly carrier: Carrier;
  readonly handler: Pick<CommandHandler, 'cachedState'>;
  readonly clock: () => Date;
}

/** Maximum number of deliveries that one process handles at once. */
export const DELIVERIES_AT_ONCE = 64;

/** The process manager that carries each order from its placing to its end (docs/fulfilment.md). */
export const fulfilment = ({ policy, ...outside }: FulfilmentOptions): Definition<Fulfilment> => ({
  name: 'fulfilment',
  workflow: fulfilmentWorkflow(policy),
  streamOf: fulfilmentStream,
  // Not the streams of stock: nothing follows from a movement, and there are many.
  prefixes: ['order-', 'payment-', 'shipment-'],
  deliveriesAtOnce: DELIVERIES_AT_ONCE,
  receive: ({ event, position }, now) => {
    if (event.type === 'OrderPlaced') {
      const placed = event as OrderPlaced;
      const orderPosition = position.commit.toString();
      const begun = {
        type: 'BeginFulfilment',
        id: placed.data.orderId,
        now,
        event: placed,
        orderPosition,
      } as const;
      return { begin: (reservations) => ({ ...begun, reservations }) };
    }
    if (!isReceived(event.type)) return undefined;
    const received = event as OrderStoryEvent;
    return { input: { type: 'EventReceived', id: received.data.orderId, now, event: received } };
  },
  // Each command is typed with its aggregate.
  targetOf: ({ to, id }) => aggregate(to, id) as unknown as CommandTarget,
  resultOf: ({ command }, state) =>
    command.type === 'ReserveStock'
      ? { productId: command.productId, stock: state as InventoryState }
      : undefined,
  calls: { ...paymentCalls(outside), ...carrierCalls(outside) },
  waits: waitRules(policy),
});

/** Throws `ZodError` for a kind of wait that does not exist. */
const kindOf = (waitingFor: string): WaitKind => WaitKind.parse(waitingFor);

const waitRules = (policy: FulfilmentPolicy): WaitRules => ({
  kinds: WaitKind.options,
  timeoutMs: ({ id, waitingFor, attempt }) =>
    timeoutMs({ orderId: orderId(id), waitingFor: kindOf(waitingFor), attempt }, policy),
  maxTimeoutMs: (waitingFor) => maxTimeoutMs(kindOf(waitingFor), policy),
  mustLast: (waitingFor) => waits[kindOf(waitingFor)].limit !== undefined,
  itemOf: (id, waitingFor) => waitItem(id, kindOf(waitingFor)),
  exceptionItemOf: (id, { kind, number }) => exceptionItem(id, kind, number),
});
