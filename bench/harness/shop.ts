import { Pool } from 'undici';
import type { System } from '../../test/support/system.ts';

export interface PlacedOrder {
  readonly orderId: string;
  readonly position: string;
}

/** Calls both APIs of a system as an operator. Every method throws on an unexpected response. */
export interface Shop {
  createItem(productId: string, quantity: number): Promise<void>;
  /** Places an order of one unit. */
  placeOrder(productId: string): Promise<PlacedOrder>;
  /** Receives stock. */
  receive(productId: string, quantity: number): Promise<void>;
  /** Returns the body of a query's response; undefined for 404. Paths are relative to `/api/v1`. */
  query<Body>(path: string): Promise<Body | undefined>;
  close(): Promise<void>;
}

export const STOCK_FOR_ALL = 1_000_000_000;

export function openShop(
  { commandUrl, queryUrl, token }: Pick<System, 'commandUrl' | 'queryUrl' | 'token'>,
  connections: number,
): Shop {
  const commands = new Pool(commandUrl, { connections });
  const queries = new Pool(queryUrl, { connections });
  const headers = { authorization: `Bearer ${token('operator')}`, 'content-type': 'application/json' };
  const post = async (path: string, content: unknown, expected: number): Promise<unknown> => {
    const body = JSON.stringify(content);
    const answer = await commands.request({ method: 'POST', path: `/api/v1${path}`, headers, body });
    const text = await answer.body.text();
    if (answer.statusCode !== expected)
      throw new Error(`POST ${path} answered ${answer.statusCode}: ${text}`);
    return JSON.parse(text);
  };
  return {
    createItem: async (productId, quantity) => {
      const price = { amount: 255, currency: 'GBP' };
      await post('/inventory/items', { productId, name: `Product ${productId}`, price, quantity }, 201);
    },
    placeOrder: async (productId) =>
      (await post('/orders', { items: [{ productId, quantity: 1 }] }, 201)) as PlacedOrder,
    receive: async (productId, quantity) => {
      await post(`/inventory/items/${productId}/receipts`, { quantity }, 200);
    },
    query: async <Body>(path: string) => {
      const answer = await queries.request({ method: 'GET', path: `/api/v1${path}`, headers });
      const text = await answer.body.text();
      if (answer.statusCode === 404) return undefined;
      if (answer.statusCode !== 200) throw new Error(`GET ${path} answered ${answer.statusCode}: ${text}`);
      return JSON.parse(text) as Body;
    },
    close: async () => {
      await Promise.all([commands.close(), queries.close()]);
    },
  };
}
