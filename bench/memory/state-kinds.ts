import { fulfilmentPolicy } from '../../domain/fulfilment/policy.ts';
import { fulfilmentWorkflow } from '../../domain/fulfilment/workflow.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { MAX_PARKED, parkingDecider } from '../../domain/parking/decider.ts';
import { shipmentDecider } from '../../domain/shipment/decider.ts';
import { stockMovements } from '../data/stock-movements.ts';
import { largestFulfilment, largestShipment } from './largest-inputs.ts';

/** A kind of state that is large in one way, with more streams than the state cache keeps. */
export interface Kind {
  readonly what: string;
  readonly decider: unknown;
  readonly streams: number;
  readonly eventsOf: (id: string) => readonly DomainEvent[];
  readonly command: object;
}

/** Number of movements that fills the memory of closed orders in an inventory state. */
const LONG = 20_000;
/** Number of orders that hold stock. */
const HELD = 20_000;
const receive = { type: 'ReceiveStock', productId: 'P', quantity: 1 };

const held = (product: string): DomainEvent[] =>
  stockMovements(product, 0, 2 * HELD).filter(({ type }) => type === 'StockReserved');
/** Returns the maximum number of parked items, each with the longest detail that is recorded. */
const parked = (): DomainEvent[] =>
  Array.from({ length: MAX_PARKED }, (_, number) => ({
    type: 'ItemParked',
    data: {
      itemId: `${number}`.padStart(24, '0'),
      subject: {
        group: 'fulfilment',
        kind: 'event',
        stream: `order-${number}`,
        revision: '0',
        type: 'OrderPlaced',
      },
      reason: 'permanent-error',
      detail: `${number}${'語'.repeat(2_000)}`.slice(0, 2_000),
      parkedAt: '2026-01-05T10:00:00.000Z',
    },
  }));

export const kinds: readonly Kind[] = [
  {
    what: '20,000 stocks of 25,000 short streams',
    decider: inventoryDecider,
    streams: 25_000,
    eventsOf: (product) => stockMovements(product, 0, 2),
    command: receive,
  },
  {
    what: '99 stocks that remember 10,000 orders',
    decider: inventoryDecider,
    streams: 101,
    eventsOf: (product) => stockMovements(product, 0, LONG),
    command: receive,
  },
  {
    what: '99 stocks held for 20,000 orders',
    decider: inventoryDecider,
    streams: 101,
    eventsOf: held,
    command: receive,
  },
  {
    what: '980 fulfilments of the largest orders',
    decider: fulfilmentWorkflow(fulfilmentPolicy),
    streams: 1_100,
    eventsOf: largestFulfilment,
    command: {
      type: 'EventReceived',
      id: 'o',
      now: '2026-01-05T10:00:00.000Z',
      event: { type: 'ShipmentDelivered', data: { orderId: 'o' } },
    },
  },
  {
    what: '20,000 shipments with the longest texts',
    decider: shipmentDecider,
    streams: 21_000,
    eventsOf: largestShipment,
    command: { type: 'CancelShipment', orderId: 'o', customerId: 'c', cancelledBy: 's' },
  },
  {
    what: '10,000 parked items, the one state of its kind',
    decider: parkingDecider,
    streams: 1,
    eventsOf: (id) => (id === 'first' ? [] : parked()),
    command: { type: 'ReadParking' },
  },
];
