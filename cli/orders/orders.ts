import { type ChangeOptions, type ListOptions, note, openCli, type ServerOptions } from '../cli.ts';
import { CommandFailed, exitCodes } from '../errors.ts';
import { pathPart } from '../http/answer.ts';
import { describeOrder, orderColumns } from './describe.ts';
import type { Order } from './order.ts';

const ORDERS = '/api/v1/orders';

export interface ListOrders extends ListOptions {
  readonly status?: string;
  readonly customer?: string;
  readonly from?: string;
  readonly to?: string;
  readonly oldest?: boolean;
}

export async function listOrders({
  status,
  customer,
  from,
  to,
  oldest,
  ...options
}: ListOrders): Promise<void> {
  const query = { status, customerId: customer, from, to, sort: oldest ? 'oldest' : undefined };
  await openCli(options).list<Order>(ORDERS, query, options, orderColumns, 'There are no such orders.');
}

export async function showOrder(orderId: string, options: ServerOptions): Promise<void> {
  await openCli(options).show(`${ORDERS}/${pathPart(orderId)}`, describeOrder);
}

export interface PlaceOrder extends ChangeOptions {
  readonly customer?: string;
  readonly pay?: string;
}

export async function placeOrder(lines: readonly string[], options: PlaceOrder): Promise<void> {
  const { customer, pay } = options;
  const body = {
    items: lines.map(parseLine),
    ...(customer !== undefined && { customerId: customer }),
    ...(pay !== undefined && { payment: { token: pay } }),
  };
  const answer = await openCli(options).send({ method: 'POST', path: ORDERS, body }, options, describeOrder);
  if (answer === undefined) return;
  const { orderId } = answer.body as Order;
  note(`To follow it: orderstream orders watch ${orderId}`);
}

export async function cancelOrder(
  orderId: string,
  options: ChangeOptions & { readonly reason?: string },
): Promise<void> {
  const { reason } = options;
  const path = `${ORDERS}/${pathPart(orderId)}/cancel`;
  const body = reason === undefined ? {} : { reason };
  await openCli(options).send({ method: 'POST', path, body }, options, () => `order ${orderId} is cancelled`);
}

/** Parses `ID=QUANTITY`. Throws `CommandFailed` for another text; the server checks the id. */
export function parseLine(text: string): { productId: string; quantity: number } {
  const [, productId, quantity] = /^(.+)=(\d{1,7})$/.exec(text) ?? [];
  if (productId === undefined || Number(quantity) < 1 || Number(quantity) > 1_000_000)
    throw new CommandFailed(
      exitCodes.usage,
      `${JSON.stringify(text)} is no line of an order; allowed: ID=QUANTITY, with a quantity from 1 to 1000000, such as 22000A=3`,
    );
  return { productId, quantity: Number(quantity) };
}
