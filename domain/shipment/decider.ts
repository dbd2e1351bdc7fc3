import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import type {
  CancelShipment,
  DeliverShipment,
  DispatchShipment,
  RecordDispatch,
  RecordRecall,
  RequestShipment,
  ShipmentCommand,
} from './commands.ts';
import {
  ShipmentAlreadyCancelled,
  ShipmentAlreadyDispatched,
  ShipmentNotDispatched,
  ShipmentNotRequested,
} from './errors.ts';
import type { ShipmentEvent } from './events.ts';
import { type ExistingShipment, initialShipment, type ShipmentState } from './state.ts';

/** The shipment of one order. Both a cancellation and a dispatch are appended to its stream, so the first of them wins. */
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
    case 'RecordDispatch':
      return recordDispatch(command, existing(state));
    case 'RecordRecall':
      return recordRecall(command, existing(state));
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
  const { strayParcels, recall } = state.status === 'unrequested' ? { strayParcels: [] } : state;
  const shipment = { orderId, customerId, strayParcels, ...(recall && { recall }) };
  switch (event.type) {
    case 'ShipmentRequested':
      return { status: 'requested', ...shipment };
    case 'ShipmentDispatched': {
      const { carrier, trackingNumber } = event.data;
      return { status: 'dispatched', ...shipment, carrier, trackingNumber };
    }
    case 'ShipmentDelivered':
      return state.status === 'dispatched' ? { ...state, status: 'delivered' } : state;
    case 'ShipmentCancelled': {
      const { reason, cancelledBy } = event.data;
      return { status: 'cancelled', ...shipment, reason, cancelledBy };
    }
    case 'ShipmentContradicted': {
      if (state.status === 'unrequested') return state;
      return { ...state, strayParcels: [...strayParcels, event.data.trackingNumber] };
    }
    case 'ShipmentRecalled': {
      if (state.status === 'unrequested') return state;
      return { ...state, recall: { outcome: event.data.outcome, strays: strayParcels.length } };
    }
    default:
      return unchanged(state, event);
  }
}

/** Does nothing after a cancellation. */
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

function recordDispatch(command: RecordDispatch, state: ExistingShipment): readonly ShipmentEvent[] {
  if (state.status !== 'requested') return contradicted(command, command.dispatchedAt, state);
  const { orderId, customerId } = state;
  const { carrier, trackingNumber, dispatchedAt } = command;
  const data = { orderId, customerId, carrier, trackingNumber, dispatchedAt };
  return [{ type: 'ShipmentDispatched', data }];
}

/** Records a response to a recall. `returning` and `refused` imply that the carrier took a parcel. Ignores a repeated response. */
function recordRecall(command: RecordRecall, state: ExistingShipment): readonly ShipmentEvent[] {
  const { orderId, customerId } = state;
  const { outcome, recalledAt } = command;
  const why = outcome === 'refused' ? { reason: command.reason } : {};
  const recalled: ShipmentEvent = {
    type: 'ShipmentRecalled',
    data: { orderId, customerId, outcome, ...why, recalledAt },
  };
  const taken = outcome === 'nothing-taken' ? [] : contradicted(command, recalledAt, state);
  const { recall, strayParcels } = state;
  const isKnown = recall?.outcome === outcome && recall.strays === strayParcels.length;
  return isKnown && taken.length === 0 ? [] : [...taken, recalled];
}

function contradicted(
  { carrier, trackingNumber }: { readonly carrier: string; readonly trackingNumber: string },
  takenAt: string,
  state: ExistingShipment,
): readonly ShipmentEvent[] {
  if (state.status === 'requested' || state.strayParcels.includes(trackingNumber)) return [];
  if (state.status !== 'cancelled' && carrier === state.carrier && trackingNumber === state.trackingNumber)
    return [];
  const { orderId, customerId } = state;
  const kind = state.status === 'cancelled' ? 'dispatched-after-cancel' : 'dispatched-twice';
  const data = { orderId, customerId, kind, carrier, trackingNumber, takenAt } as const;
  return [{ type: 'ShipmentContradicted', data }];
}

function existing(state: ShipmentState): ExistingShipment {
  if (state.status === 'unrequested') throw new ShipmentNotRequested();
  return state;
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
