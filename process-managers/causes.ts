import type { CommandContext } from '../command-handling/command-handler.ts';
import type { OrderId } from '../domain/kernel/ids.ts';
import type { Actor, RecordedEvent } from '../event-store/codec/recorded-event.ts';

/** What a command follows from: the event that was delivered, or the deadline that came due. */
export interface Cause {
  readonly id: string;
  readonly traceparent?: string;
}

export const causeOf = ({ id, metadata: { traceparent } }: RecordedEvent): Cause => ({
  id,
  ...(traceparent === undefined ? {} : { traceparent }),
});

export const FULFILMENT: Actor = { sub: 'fulfilment', role: 'system' };
export const PAYMENT_PROVIDER: Actor = { sub: 'payment-provider', role: 'system' };
export const CARRIER: Actor = { sub: 'carrier', role: 'system' };
export const PROCESS_MANAGERS: Actor = { sub: 'process-managers', role: 'system' };
export const OPENING_STOCK: Actor = { sub: 'opening-stock', role: 'system' };

/**
 * The context of a command in an order's story. `what` names the command within that story, so that the same command
 * sent again, by whichever process, has the same id.
 */
export function inStoryOf(orderId: OrderId, what: string, cause: Cause, actor: Actor): CommandContext {
  return {
    commandId: `${actor.sub}:${orderId}:${what}`,
    correlationId: orderId,
    causationId: cause.id,
    actor,
    ...(cause.traceparent === undefined ? {} : { traceparent: cause.traceparent }),
  };
}
