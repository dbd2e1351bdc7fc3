import { type ChangeOptions, type ListOptions, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import { statusStyle } from '../output/styles.ts';
import { type Column, fields } from '../output/table.ts';
import { age } from '../output/times.ts';

const SHIPMENTS = '/api/v1/shipments';

/** A shipment, as the query API shows it. */
interface Shipment {
  readonly orderId: string;
  readonly customerId: string;
  readonly status: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly requestedAt?: string;
  readonly dispatchedAt?: string;
  readonly deliveredAt?: string;
  readonly updatedAt: string;
}

const columns: readonly Column<Shipment>[] = [
  { header: 'ORDER', value: ({ orderId }) => orderId },
  { header: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { header: 'REQUESTED', value: ({ requestedAt }) => age(requestedAt), align: 'right' },
  { header: 'CARRIER', value: ({ carrier }) => carrier, shrinksTo: 7 },
  { header: 'TRACKING', value: ({ trackingNumber }) => trackingNumber, shrinksTo: 8 },
];

const describeShipment = (shipment: Shipment): string =>
  fields({
    order: shipment.orderId,
    status: shipment.status,
    customer: shipment.customerId,
    carrier: shipment.carrier,
    tracking: shipment.trackingNumber,
    requested: shipment.requestedAt,
    dispatched: shipment.dispatchedAt,
    delivered: shipment.deliveredAt,
    updated: shipment.updatedAt,
  });

export interface ListShipments extends ListOptions {
  readonly status?: string;
  readonly newest?: boolean;
}

export async function listShipments(options: ListShipments): Promise<void> {
  const query = { status: options.status, sort: options.newest ? 'newest' : undefined };
  await openCli(options).list<Shipment>(SHIPMENTS, query, options, columns, 'There are no such shipments.');
}

const pathOf = (orderId: string, action = '') => `${SHIPMENTS}/${pathPart(orderId)}${action}`;

export async function showShipment(orderId: string, options: ServerOptions): Promise<void> {
  await openCli(options).show(pathOf(orderId), describeShipment);
}

export async function dispatchShipment(
  orderId: string,
  options: ChangeOptions & { readonly carrier: string; readonly tracking: string },
): Promise<void> {
  const body = { carrier: options.carrier, trackingNumber: options.tracking };
  const request = { method: 'POST', path: pathOf(orderId, '/dispatch'), body } as const;
  await openCli(options).send(request, options, () => `order ${orderId} is dispatched`);
}

export async function deliverShipment(orderId: string, options: ChangeOptions): Promise<void> {
  const request = { method: 'POST', path: pathOf(orderId, '/deliver'), body: {} } as const;
  await openCli(options).send(request, options, () => `order ${orderId} is delivered`);
}
