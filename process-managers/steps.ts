import { aggregate } from '../command-handling/aggregates.ts';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import { ConcurrencyConflict } from '../command-handling/errors.ts';
import type { StockAnswer } from '../domain/fulfilment/inputs.ts';
import type { Pending, Step } from '../domain/fulfilment/steps.ts';
import type { InventoryCommand } from '../domain/inventory/commands.ts';
import { levels, reservationOf } from '../domain/inventory/state.ts';
import { type DomainError, unhandled } from '../domain/kernel/domain-error.ts';
import type { OrderId, ProductId } from '../domain/kernel/ids.ts';
import type { OrderCommand } from '../domain/order/commands.ts';
import { OrderAlreadyClosed } from '../domain/order/errors.ts';
import { ShipmentAlreadyDispatched } from '../domain/shipment/errors.ts';
import { inventoryStream } from '../event-catalogue/streams.ts';
import { type Cause, FULFILMENT, inStoryOf } from './causes.ts';

/** Maximum number of repeated reservations in doubt: each fails only when 10,000 other orders were closed in between. */
const MOST_LOOKS = 5;

export type OrderInHand = NonNullable<Pending['order']>;

/**
 * Refusals that answer a step as well as an event would: the other side was first, and its own event tells the rest.
 * Any other refusal means that the story went where it should not, and is thrown.
 */
const ANSWERS: Partial<Record<Step['do'], abstract new (...parameters: never[]) => DomainError>> = {
  'confirm-order': OrderAlreadyClosed,
  'reject-order': OrderAlreadyClosed,
  'cancel-order': OrderAlreadyClosed,
  'cancel-shipment': ShipmentAlreadyDispatched,
};

/** What is never taken back is known to be done when the state at hand says so, however old that is. */
export function isKnownDone(
  handler: Pick<CommandHandler, 'cachedState'>,
  { orderId }: OrderInHand,
  step: Step,
): boolean {
  switch (step.do) {
    case 'confirm-order': {
      const status = handler.cachedState(aggregate('order', orderId))?.status ?? 'unplaced';
      return status !== 'unplaced' && status !== 'placed';
    }
    case 'request-shipment': {
      const status = handler.cachedState(aggregate('shipment', orderId))?.status ?? 'unrequested';
      return status !== 'unrequested';
    }
    case 'request-payment': {
      const status = handler.cachedState(aggregate('payment', orderId))?.status ?? 'unrequested';
      return status !== 'unrequested';
    }
    default:
      return false;
  }
}

export interface StepsOptions {
  readonly handler: CommandHandler;
  /** Reads the fulfilment and returns whether a reservation still matters. Needed only for reservations. */
  readonly isStockWanted?: (orderId: OrderId, cause: Cause) => Promise<boolean>;
}

/** Sends a step to its stream; a reservation comes back with how it stands. Doing a step again changes nothing. */
export async function performStep(
  options: StepsOptions,
  order: OrderInHand,
  step: Step,
  cause: Cause,
): Promise<StockAnswer | undefined> {
  try {
    return await send(options, order, step, cause);
  } catch (error) {
    const answer = ANSWERS[step.do];
    if (answer !== undefined && error instanceof answer) return undefined;
    throw error;
  }
}

async function send(
  { handler, isStockWanted }: StepsOptions,
  order: OrderInHand,
  step: Step,
  cause: Cause,
): Promise<StockAnswer | undefined> {
  const { orderId, customerId, orderPosition } = order;
  const about = 'productId' in step ? `${step.do}:${step.productId}` : step.do;
  const context = inStoryOf(orderId, about, cause, FULFILMENT);

  const toInventory = (productId: ProductId, command: InventoryCommand) =>
    handler.handle({ ...aggregate('inventory', productId), command, context });
  const toOrder = async (command: OrderCommand): Promise<undefined> => {
    await handler.handle({ ...aggregate('order', orderId), command, context });
  };

  switch (step.do) {
    case 'reserve-stock': {
      const { productId, quantity } = step;
      const reservation = { productId, orderId, orderPosition, quantity };
      let waitingAt: number | undefined;
      for (let asked = 0; asked < MOST_LOOKS; asked += 1) {
        const reserve = { ...reservation, ...(waitingAt !== undefined && { waitingAt }) };
        const { state } = await toInventory(productId, { type: 'ReserveStock', ...reserve });
        const answer = reservationOf(state, reserve);
        if (answer.held !== 'unknown') return { productId, ...answer };
        // Only the fulfilment distinguishes a late reservation from one that had to wait.
        if (!(await isStockWanted?.(orderId, cause)))
          return { productId, held: false, requested: quantity, available: levels(state).available };
        waitingAt = answer.closings;
      }
      throw new ConcurrencyConflict(inventoryStream(productId), MOST_LOOKS);
    }
    case 'release-stock':
      await toInventory(step.productId, {
        type: 'ReleaseStock',
        productId: step.productId,
        orderId,
        orderPosition,
      });
      return undefined;
    case 'commit-stock':
      await toInventory(step.productId, {
        type: 'CommitStock',
        productId: step.productId,
        orderId,
        orderPosition,
      });
      return undefined;
    case 'confirm-order':
      return toOrder({ type: 'ConfirmOrder' });
    case 'reject-order': {
      const { do: _, ...why } = step;
      return toOrder({ type: 'RejectOrder', ...why });
    }
    case 'cancel-order': {
      const { do: _, ...why } = step;
      return toOrder({ type: 'CancelOrder', ...why });
    }
    case 'mark-order-shipped': {
      const { carrier, trackingNumber } = step;
      return toOrder({ type: 'MarkOrderShipped', carrier, trackingNumber });
    }
    case 'mark-order-delivered':
      return toOrder({ type: 'MarkOrderDelivered' });
    case 'request-payment': {
      const { amount, paymentToken } = step;
      const command = { type: 'RequestPayment', orderId, customerId, amount, paymentToken } as const;
      await handler.handle({
        ...aggregate('payment', orderId),
        command,
        context,
        presumeNew: true,
      });
      return undefined;
    }
    case 'request-shipment': {
      const command = { type: 'RequestShipment', orderId, customerId } as const;
      await handler.handle({
        ...aggregate('shipment', orderId),
        command,
        context,
        presumeNew: true,
      });
      return undefined;
    }
    case 'cancel-shipment': {
      const { reason } = step;
      const command = {
        type: 'CancelShipment',
        orderId,
        customerId,
        reason,
        cancelledBy: FULFILMENT.sub,
      } as const;
      await handler.handle({ ...aggregate('shipment', orderId), command, context });
      return undefined;
    }
    default:
      return unhandled(step);
  }
}
