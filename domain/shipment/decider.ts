import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/refusal.ts';
import type {
  CancelShipment,
  DeliverShipment,
  DispatchShipment,
  RequestShipment,
  ShipmentCommand,
} from './commands.ts';
import type { ShipmentEvent } from './events.ts';
import {
  ShipmentAlreadyCancelled,
  ShipmentAlreadyDispatched,
  ShipmentNotDispatched,
  ShipmentNotRequested,
} from './refusals.ts';
import { initialShipment, type ShipmentState } from './state.ts';

/** The parcel of one order. This is the one stream on which cancelling and dispatching meet: the first wins. */
export const shipmentDecider: Decider<ShipmentState, ShipmentCommand, ShipmentEvent> = {
  decide,
  evolve,
  initialState: initialShipment,
};

function decide(command: ShipmentCommand, state: ShipmentState): readonly ShipmentEvent[] {
  switch (command.type) {
    case 'RequestShipment':
      return request(command, state);
    case 'DispatchShipment':
      return dispatch(command, state);
    case 'DeliverShipment':
      return deliver(command, state);
    case 'CancelShipment':
      return cancel(command, state);
    default:
      return unhandled(command);
  }
}

function evolve(state: ShipmentState, event: ShipmentEvent): ShipmentState {
  const { orderId, customerId } = event.data;
  switch (event.type) {
    case 'ShipmentRequested':
      return { status: 'requested', orderId, customerId };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber } = event.data;
      return { status: 'dispatched', orderId, customerId, carrier, trackingNumber };
    }
    case 'ShipmentDelivered':
      return state.status === 'dispatched' ? { ...state, status: 'delivered' } : state;
    case 'ShipmentCancelled': {
      const { reason, cancelledBy } = event.data;
      return { status: 'cancelled', orderId, customerId, reason, cancelledBy };
    }
    default:
      return unchanged(state, event);
  }
}

/** After a cancellation there is nothing left to ask for, and the state says so. */
function request({ orderId, customerId }: RequestShipment, state: ShipmentState): readonly ShipmentEvent[] {
  return state.status === 'unrequested' ? [{ type: 'ShipmentRequested', data: { orderId, customerId } }] : [];
}

function dispatch(command: DispatchShipment, state: ShipmentState): readonly ShipmentEvent[] {
  const { carrier, trackingNumber, dispatchedAt } = command;
  switch (state.status) {
    case 'unrequested':
      throw new ShipmentNotRequested();
    case 'requested': {
      const { orderId, customerId } = state;
      const data = { orderId, customerId, carrier, trackingNumber, dispatchedAt };
      return [{ type: 'ShipmentDispatched', data }];
    }
    case 'dispatched':
    case 'delivered':
      if (carrier === state.carrier && trackingNumber === state.trackingNumber) return [];
      throw new ShipmentAlreadyDispatched(state);
    case 'cancelled':
      throw new ShipmentAlreadyCancelled(state.orderId);
    default:
      return unhandled(state);
  }
}

function deliver({ deliveredAt }: DeliverShipment, state: ShipmentState): readonly ShipmentEvent[] {
  switch (state.status) {
    case 'unrequested':
    case 'requested':
      throw new ShipmentNotDispatched();
    case 'dispatched': {
      const { orderId, customerId } = state;
      return [{ type: 'ShipmentDelivered', data: { orderId, customerId, deliveredAt } }];
    }
    case 'delivered':
      return [];
    case 'cancelled':
      throw new ShipmentAlreadyCancelled(state.orderId);
    default:
      return unhandled(state);
  }
}

function cancel(command: CancelShipment, state: ShipmentState): readonly ShipmentEvent[] {
  switch (state.status) {
    case 'unrequested':
    case 'requested': {
      const { orderId, customerId, reason, cancelledBy } = command;
      const why = reason === undefined ? {} : { reason };
      return [{ type: 'ShipmentCancelled', data: { orderId, customerId, ...why, cancelledBy } }];
    }
    case 'dispatched':
    case 'delivered':
      throw new ShipmentAlreadyDispatched(state);
    case 'cancelled':
      return [];
    default:
      return unhandled(state);
  }
}
