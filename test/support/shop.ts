import { call, type HttpOptions, type HttpResponse } from './http.ts';
import { type System, startSystem, WITHOUT_GATEWAY } from './system.ts';
import { type StockLevels, waitForStatus, waitForTimelineEvent } from './wait-until.ts';

export const gbp = (amount: number) => ({ amount, currency: 'GBP' });

export type ShopClient = ReturnType<typeof createShopClient>;

/** Settings for specs about each step of an order: an operator dispatches it, and timeouts of payments pass quickly. */
export const stepByStep = {
  CARRIER: 'manual',
  PAYMENT_GIVE_UP_MS: '3500',
  FULFILMENT_FIRST_DEADLINE_MS: '250',
  FULFILMENT_MAX_DEADLINE_MS: '1000',
};

/** Starts a system without a gateway, with these settings, and creates a client of it. */
export async function startShop(env: Readonly<Record<string, string>> = {}) {
  const system = await startSystem(env, WITHOUT_GATEWAY);
  return { system, shop: createShopClient(system) };
}

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

  const timelineTypes = async (orderId: string): Promise<string[]> => {
    const { body } = await get(`/orders/${orderId}/timeline`);
    return (body.items ?? []).map(({ type }: { type: string }) => type);
  };
  const placeOne = async (productId: string, quantity: number, paymentToken = 'tok_ok', sub = 'ann') => {
    const order = { items: [{ productId, quantity }], payment: { token: paymentToken } };
    const { body } = await created(place(order, { token: customer(sub) }));
    return String(body.orderId);
  };

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
    placeOne,
    /** Places an order of one line and waits until it is confirmed; returns its id. */
    placeConfirmed: async (productId: string, quantity: number, paymentToken = 'tok_ok') => {
      const orderId = await placeOne(productId, quantity, paymentToken);
      await waitForStatus(system, orderId, 'confirmed');
      return orderId;
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
    timelineTypes,
    /** Waits until an order's fulfilment has completed and every read model has all of its events. `item` receives stock. */
    waitForCompletion: async (orderId: string, item: string) => {
      await waitForTimelineEvent({ timelineTypes }, orderId, 'FulfilmentCompleted');
      const later = await post(`/inventory/items/${item}/receipts`, { quantity: 1 });
      await get('/projections', { headers: { 'orderstream-min-position': later.body.position } });
    },
    /** Returns all entries of a list, fetched page by page. */
    allPages: async (path: string, limit: number, options: HttpOptions = {}) => {
      const entries: HttpResponse['body'][] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const query = `limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const { status, body } = await get(`${path}${path.includes('?') ? '&' : '?'}${query}`, options);
        if (status !== 200 || body.items.length > limit) throw new Error(`${path}: ${JSON.stringify(body)}`);
        entries.push(...body.items);
        cursor = body.next;
      }
      return entries;
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
