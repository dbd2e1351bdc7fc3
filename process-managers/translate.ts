import type { FulfilmentInput } from '../domain/fulfilment/inputs.ts';
import type { DomainEvent } from '../domain/kernel/event.ts';
import type { ExceptionKind } from '../domain/kernel/values.ts';
import type { OrderEvent } from '../domain/order/events.ts';
import type { PaymentEvent } from '../domain/payment/events.ts';
import type { ShipmentEvent } from '../domain/shipment/events.ts';
import type { Position } from '../event-store/codec/recorded-event.ts';

type Heard = OrderEvent | PaymentEvent | ShipmentEvent;
type Translations = {
  readonly [Type in Heard['type']]?: (
    data: Extract<Heard, { type: Type }>['data'],
    now: string,
    position: Position,
  ) => FulfilmentInput;
};

/** Fits into the 500 characters of a reason. */
const takenAgainst = (kind: ExceptionKind, what: string): string =>
  `${what.slice(0, 400)} ${kind === 'dispatched-twice' ? 'though another one had left' : 'after the shipment was cancelled'}`;

/** All that the fulfilment of an order listens to, and what it takes it for. Everything else it passes over. */
const TRANSLATIONS: Translations = {
  OrderPlaced: ({ orderId, customerId, lines, total, paymentToken }, now, { commit }) => ({
    type: 'NoteOrderPlaced',
    orderId,
    now,
    customerId,
    lines: lines.map(({ productId, quantity }) => ({ productId, quantity })),
    total,
    paymentToken,
    orderPosition: commit.toString(),
  }),
  PaymentCaptured: ({ orderId }, now) => ({ type: 'NotePaymentCaptured', orderId, now }),
  PaymentDeclined: ({ orderId, reason }, now) => ({ type: 'NotePaymentDeclined', orderId, now, reason }),
  PaymentFailed: ({ orderId, reason }, now) => ({ type: 'NotePaymentFailed', orderId, now, reason }),
  RefundRequested: ({ orderId, reason }, now) => ({ type: 'NoteRefundRequested', orderId, now, reason }),
  PaymentRefunded: ({ orderId }, now) => ({ type: 'NotePaymentRefunded', orderId, now }),
  PaymentContradicted: ({ orderId, kind, detail }, now) => ({
    type: 'NoteContradiction',
    orderId,
    now,
    kind,
    detail,
    at: now,
  }),
  ShipmentContradicted: ({ orderId, kind, carrier, trackingNumber, takenAt }, now) => ({
    type: 'NoteContradiction',
    orderId,
    now,
    kind,
    detail: takenAgainst(kind, `${carrier} took the parcel ${trackingNumber}`),
    at: takenAt,
  }),
  ShipmentRecalled: ({ orderId, outcome }, now) => ({ type: 'NoteShipmentRecalled', orderId, now, outcome }),
  ShipmentDispatched: ({ orderId, carrier, trackingNumber }, now) => ({
    type: 'NoteShipmentDispatched',
    orderId,
    now,
    carrier,
    trackingNumber,
  }),
  ShipmentDelivered: ({ orderId }, now) => ({ type: 'NoteShipmentDelivered', orderId, now }),
  ShipmentCancelled: ({ orderId, reason, cancelledBy }, now) => ({
    type: 'NoteShipmentCancelled',
    orderId,
    now,
    cancelledBy,
    ...(reason === undefined ? {} : { reason }),
  }),
};

type Translation = (data: DomainEvent['data'], now: string, position: Position) => FulfilmentInput;
// The codec has validated the data against the schema that each type declares.
const byType = new Map(Object.entries(TRANSLATIONS as Readonly<Record<string, Translation>>));

/** Translates an event at a log position to an input of the fulfilment at `now` (ISO 8601); undefined for other events. */
export const translate = (
  { type, data }: DomainEvent,
  now: string,
  position: Position,
): FulfilmentInput | undefined => byType.get(type)?.(data, now, position);
