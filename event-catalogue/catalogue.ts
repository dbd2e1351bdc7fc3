import { accountMailEvents } from '../domain/account-mails/events.ts';
import { adminEvents } from '../domain/admins/events.ts';
import { emailEvents } from '../domain/email/events.ts';
import { fulfilmentEvents } from '../domain/fulfilment/events.ts';
import { inventoryEvents } from '../domain/inventory/events.ts';
import { orderEvents } from '../domain/order/events.ts';
import { orderPlacedV1 } from '../domain/order/order-placed.v1.ts';
import { attemptEvents } from '../domain/parking/attempts.ts';
import { parkingEvents } from '../domain/parking/events.ts';
import { paymentEvents } from '../domain/payment/events.ts';
import { productEvents } from '../domain/product/events.ts';
import { rebuildEvents } from '../domain/rebuild/events.ts';
import { sessionEvents } from '../domain/session/events.ts';
import { shipmentEvents } from '../domain/shipment/events.ts';
import { userEvents } from '../domain/user/events.ts';
import { requestEvents } from './request-events.ts';
import { ourPrefixes } from './streams.ts';

/** The events of this program, as `connectEventStore` takes them. */
export const catalogue = {
  definitions: [
    ...orderEvents,
    ...productEvents,
    ...inventoryEvents,
    ...paymentEvents,
    ...shipmentEvents,
    ...fulfilmentEvents,
    ...userEvents,
    ...emailEvents,
    ...sessionEvents,
    ...accountMailEvents,
    ...adminEvents,
    ...requestEvents,
    ...rebuildEvents,
    ...parkingEvents,
    ...attemptEvents,
  ],
  /** One for each earlier version of an event; its function is in `<name>.v<n>.ts` beside the event. */
  upcasters: [orderPlacedV1],
  prefixes: ourPrefixes,
  /** Raise it when events of earlier versions can no longer be read: the start then rejects data folders with such events. */
  dataVersion: 4,
};
