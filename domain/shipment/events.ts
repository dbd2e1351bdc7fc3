import { z } from 'zod';
import { defineEvent, type EventOf } from '../kernel/event.ts';
import { CustomerId, OrderId } from '../kernel/ids.ts';
import { Instant, Reason } from '../kernel/values.ts';

const ofShipment = { orderId: OrderId, customerId: CustomerId };

export const ShipmentRequested = defineEvent('ShipmentRequested', 1, ofShipment);
export const ShipmentDispatched = defineEvent('ShipmentDispatched', 1, {
  ...ofShipment,
  carrier: z.string(),
  trackingNumber: z.string(),
  dispatchedAt: Instant,
});
export const ShipmentDelivered = defineEvent('ShipmentDelivered', 1, { ...ofShipment, deliveredAt: Instant });
/** Prevents a dispatch. May be recorded before the shipment is requested. */
export const ShipmentCancelled = defineEvent('ShipmentCancelled', 1, {
  ...ofShipment,
  reason: Reason.optional(),
  cancelledBy: z.string(),
});

/** The carrier took a parcel although the shipment was cancelled, or dispatched with another tracking number. */
export const ShipmentContradicted = defineEvent('ShipmentContradicted', 1, {
  ...ofShipment,
  kind: z.enum(['dispatched-after-cancel', 'dispatched-twice']),
  carrier: z.string(),
  trackingNumber: z.string(),
  takenAt: Instant,
});
/** Response of the carrier to a recall. */
export const ShipmentRecalled = defineEvent('ShipmentRecalled', 1, {
  ...ofShipment,
  outcome: z.enum(['nothing-taken', 'returning', 'refused']),
  reason: Reason.optional(),
  recalledAt: Instant,
});

export const shipmentEvents = [
  ShipmentRequested,
  ShipmentDispatched,
  ShipmentDelivered,
  ShipmentCancelled,
  ShipmentContradicted,
  ShipmentRecalled,
] as const;
export type ShipmentEvent = EventOf<(typeof shipmentEvents)[number]>;
