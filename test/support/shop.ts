import { call, type HttpOptions, type HttpResponse } from './http.ts';
import type { System } from './system.ts';

export const gbp = (amount: number) => ({ amount, currency: 'GBP' });

/** Stock of an item; without fields while the read model does not have the item yet. */
export interface StockLevels {
  readonly onHand?: number;
  readonly reserved?: number;
  readonly available?: number;
}

export type ShopClient = ReturnType<typeof createShopClient>;

/** Creates a client of both APIs of a system. Paths are relative to `/api/v1`; the default caller is an operator. */
export function createShopClient(system: Pick<System, 'commandUrl' | 'queryUrl' | 'token'>) {
  const operator = system.token('operator');
  const customer = (sub = 'ann') => system.token('customer', sub);
  const post = (path: string, body?: unknown, options: HttpOptions = {}) =>
    call('POST', `${system.commandUrl}/api/v1${path}`, { token: operator, body, ...options });
  const patch = (path: string, body: unknown, options: HttpOptions = {}) =>
    call('PATCH', `${system.commandUrl}/api/v1${path}`, { token: operator, body, ...options });
  const get = (path: string, options: HttpOptions = {}) =>
    call('GET', `${system.queryUrl}/api/v1${path}`, { token: operator, ...options });
  const place = (body: unknown, options: HttpOptions = {}) =>
    post('/orders', body, { token: customer(), ...options });

  return {
    operator,
    customer,
    post,
    patch,
    get,
    place,
    createItem: (productId: string, quantity = 0, price = gbp(250), name = `Item ${productId}`) =>
      created(post('/inventory/items', { productId, name, price, quantity })),
    /** Places an order of one line as a customer; returns its id. */
    placeOne: async (productId: string, quantity: number, paymentToken = 'tok_ok', sub = 'ann') => {
      const order = { items: [{ productId, quantity }], payment: { token: paymentToken } };
      const { body } = await created(place(order, { token: customer(sub) }));
      return String(body.orderId);
    },
    cancel: (orderId: string, body?: unknown, token = operator) =>
      post(`/orders/${orderId}/cancel`, body, { token }),
    dispatch: (orderId: string, parcel: unknown) => post(`/shipments/${orderId}/dispatch`, parcel),
    deliver: (orderId: string) => post(`/shipments/${orderId}/deliver`),
    refund: (orderId: string, reason: string) => post(`/payments/${orderId}/refund`, { reason }),
    /** Returns the stock that the query API shows now. */
    stockLevels: async (productId: string): Promise<StockLevels> => {
      const { body } = await get(`/inventory/items/${productId}`);
      return { onHand: body.onHand, reserved: body.reserved, available: body.available };
    },
    /** Returns the event types in an order's timeline; empty while the read model does not have the order yet. */
    timelineTypes: async (orderId: string): Promise<string[]> => {
      const { body } = await get(`/orders/${orderId}/timeline`);
      return (body.items ?? []).map(({ type }: { type: string }) => type);
    },
    /** Queries at the position of a command's response. */
    readBack: (path: string, after: HttpResponse, options: HttpOptions = {}) =>
      get(path, { headers: { 'orderstream-min-position': after.body.position }, ...options }),
  };
}

async function created(answering: Promise<HttpResponse>): Promise<HttpResponse> {
  const answer = await answering;
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
