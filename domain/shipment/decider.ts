import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import type {
  CancelShipment,
  DeliverShipment,
  DispatchShipment,
  Parcel,
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
      return dispatch(command, existing(state));
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

function dispatch(command: DispatchShipment, shipment: ExistingShipment): readonly ShipmentEvent[] {
  if (shipment.status === 'cancelled') throw new ShipmentAlreadyCancelled(shipment.orderId);
  if (shipment.status === 'requested') return [dispatched(command, shipment)];
  if (isParcelOf(shipment, command)) return [];
  throw new ShipmentAlreadyDispatched(shipment);
}

function recordDispatch(command: RecordDispatch, shipment: ExistingShipment): readonly ShipmentEvent[] {
  if (shipment.status !== 'requested') return contradicted(command, command.dispatchedAt, shipment);
  return [dispatched(command, shipment)];
}

function dispatched(
  { carrier, trackingNumber, dispatchedAt }: DispatchShipment | RecordDispatch,
  shipment: ExistingShipment,
): ShipmentEvent {
  return { type: 'ShipmentDispatched', data: { ...owner(shipment), carrier, trackingNumber, dispatchedAt } };
}

/**
 * Records a response to a recall. `returning` and `refused` imply that the carrier took a parcel. Ignores a repeated response,
 * and `nothing-taken` after another response for the same parcels.
 */
function recordRecall(command: RecordRecall, shipment: ExistingShipment): readonly ShipmentEvent[] {
  const { outcome, recalledAt } = command;
  const why = outcome === 'refused' ? { reason: command.reason } : {};
  const recalled: ShipmentEvent = {
    type: 'ShipmentRecalled',
    data: { ...owner(shipment), outcome, ...why, recalledAt },
  };
  const taken = outcome === 'nothing-taken' ? [] : contradicted(command, recalledAt, shipment);
  const { recall, strayParcels } = shipment;
  const isAnswered = recall !== undefined && recall.strays === strayParcels.length;
  const isKnown = isAnswered && (recall.outcome === outcome || outcome === 'nothing-taken');
  return isKnown && taken.length === 0 ? [] : [...taken, recalled];
}

/** Records a parcel that the carrier took although the record says otherwise. */
function contradicted(parcel: Parcel, takenAt: string, shipment: ExistingShipment): readonly ShipmentEvent[] {
  const { carrier, trackingNumber } = parcel;
  if (shipment.status === 'requested' || shipment.strayParcels.includes(trackingNumber)) return [];
  const isCancelled = shipment.status === 'cancelled';
  if (!isCancelled && isParcelOf(shipment, parcel)) return [];
  const kind = isCancelled ? 'dispatched-after-cancel' : 'dispatched-twice';
  const data = { ...owner(shipment), kind, carrier, trackingNumber, takenAt } as const;
  return [{ type: 'ShipmentContradicted', data }];
}

function deliver({ deliveredAt }: DeliverShipment, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.status === 'cancelled') throw new ShipmentAlreadyCancelled(state.orderId);
  if (state.status === 'unrequested' || state.status === 'requested') throw new ShipmentNotDispatched();
  if (state.status === 'delivered') return [];
  return [{ type: 'ShipmentDelivered', data: { ...owner(state), deliveredAt } }];
}

function cancel(command: CancelShipment, state: ShipmentState): readonly ShipmentEvent[] {
  if (state.status === 'cancelled') return [];
  if (state.status === 'dispatched' || state.status === 'delivered')
    throw new ShipmentAlreadyDispatched(state);
  const { orderId, customerId, reason, cancelledBy } = command;
  const why = reason === undefined ? {} : { reason };
  return [{ type: 'ShipmentCancelled', data: { orderId, customerId, ...why, cancelledBy } }];
}

const isParcelOf = (shipment: Parcel, { carrier, trackingNumber }: Parcel): boolean =>
  carrier === shipment.carrier && trackingNumber === shipment.trackingNumber;
const owner = ({ orderId, customerId }: ExistingShipment) => ({ orderId, customerId });

function existing(state: ShipmentState): ExistingShipment {
  if (state.status === 'unrequested') throw new ShipmentNotRequested();
  return state;
}
