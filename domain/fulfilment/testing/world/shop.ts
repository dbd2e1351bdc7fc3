import { inventoryDecider } from '../../../inventory/decider.ts';
import { levels } from '../../../inventory/state.ts';
import type { Decider } from '../../../kernel/decider.ts';
import type { DomainEvent } from '../../../kernel/event.ts';
import { customerId, type OrderId, orderId, type ProductId, productId } from '../../../kernel/ids.ts';
import { orderDecider } from '../../../order/decider.ts';
import { paymentDecider } from '../../../payment/decider.ts';
import { shipmentDecider } from '../../../shipment/decider.ts';
import { deepFreeze } from '../../../testing/given-when-then.ts';
import type { OrderStoryEvent } from '../../inputs.ts';
import { fulfilmentWorkflow } from '../../workflow.ts';
import type { Scenario } from './scenario.ts';

/** Decides and appends at once: a stream in memory, with one writer at a time. */
export function streamOf<State, Command, Event extends DomainEvent>(
  { decide, evolve, initialState }: Decider<State, Command, Event>,
  onAppend: (event: Event) => void = () => {},
) {
  let state = deepFreeze(initialState);
  const log: Event[] = [];
  return {
    send(command: Command): State {
      for (const event of decide(deepFreeze(command), state)) {
        state = deepFreeze(evolve(state, deepFreeze(event)));
        log.push(event);
        onAppend(event);
      }
      return state;
    },
    state: () => state,
    log: log as readonly Event[],
  };
}

export const CUSTOMER = customerId('17850');
/** In minor units. */
export const UNIT_PRICE = 100;
const PRODUCTS = ['71053', '85123A'].map(productId);

export type Shop = ReturnType<typeof openShop>;
export type ShopOrder = Shop['orders'][number];

/** Creates all aggregates of a scenario, the fulfilment of each order, and what the provider and the carrier remember. */
export function openShop(
  { plans, stock, isForgetful, policy }: Scenario,
  onAppend: (event: OrderStoryEvent) => void,
) {
  const { initialState } = inventoryDecider;
  const forgetful = {
    ...inventoryDecider,
    initialState: {
      ...initialState,
      closed: { ...initialState.closed, forgotten: 3, forgottenUpTo: 20_000 },
    },
  };
  const inventory = new Map(
    PRODUCTS.map((product) => [product, streamOf(isForgetful ? forgetful : inventoryDecider)]),
  );
  for (const [productId, stream] of inventory) stream.send({ type: 'OpenStock', productId, quantity: stock });

  const orders = plans.map((plan, index) => ({
    id: orderId(`o-${index + 1}`),
    plan,
    total: plan.lines.reduce((total, { quantity }) => total + quantity * UNIT_PRICE, 0),
    order: streamOf(orderDecider, onAppend),
    payment: streamOf(paymentDecider, onAppend),
    shipment: streamOf(shipmentDecider, onAppend),
    fulfilment: streamOf(fulfilmentWorkflow(policy)),
    provider: {
      hasMoved: false,
      hasRefunded: false,
      isClosed: false,
      captures: 0,
      unavailableFor: plan.unavailableFor,
    },
    carrier: { hasTaken: false, isRecalled: false, unavailableFor: plan.unavailableFor },
    /** What is still to happen. */
    customerCancels: plan.customerCancels,
    operatorRefunds: plan.operatorRefunds,
    parkings: [...plan.parkings],
  }));

  return {
    orders,
    inventory,
    orderOf: (id: OrderId) => known(orders.find((order) => order.id === id)),
    stockOf: (id: ProductId) => known(inventory.get(id)),
    isOversold: () =>
      [...inventory.values()].some(({ state }) => {
        const { onHand, available } = levels(state());
        return onHand < 0 || available < 0;
      }),
  };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('no such order or product');
  return value;
}
