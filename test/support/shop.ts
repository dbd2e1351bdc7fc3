import { call, type HttpAnswer, type HttpOptions } from './http.ts';
import type { System } from './system.ts';

export const gbp = (amount: number) => ({ amount, currency: 'GBP' });

/** An item's stock; none of it is there until the item has come to the read model. */
export interface Levels {
  readonly onHand?: number;
  readonly reserved?: number;
  readonly available?: number;
}

export type Shop = ReturnType<typeof shopOf>;

/** The two APIs of a system, as those use them who write tests; paths begin behind `/api/v1`. */
export function shopOf(system: Pick<System, 'commandUrl' | 'queryUrl' | 'token'>) {
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
    /** Answers the order's id. */
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
    /** An item's stock, as the query API has it now. */
    levels: async (productId: string): Promise<Levels> => {
      const { body } = await get(`/inventory/items/${productId}`);
      return { onHand: body.onHand, reserved: body.reserved, available: body.available };
    },
    /** The types of the events of an order's story; none when it has not come to the read models yet. */
    story: async (orderId: string): Promise<string[]> => {
      const { body } = await get(`/orders/${orderId}/timeline`);
      return (body.items ?? []).map(({ type }: { type: string }) => type);
    },
    /** What the query API says once it has seen what a command answered. */
    readBack: (path: string, after: HttpAnswer, options: HttpOptions = {}) =>
      get(path, { headers: { 'orderstream-min-position': after.body.position }, ...options }),
  };
}

async function created(answering: Promise<HttpAnswer>): Promise<HttpAnswer> {
  const answer = await answering;
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}
