import { Pool } from 'undici';

const PRODUCTS = 100;

/** An operator's connection to a command API, for orders of one line. */
export interface OrderDesk {
  placeOrder(index: number): Promise<void>;
  close(): Promise<void>;
}

/** Creates the products, with stock for all that may be ordered. */
export async function openOrderDesk(
  commandUrl: string,
  token: string,
  connections: number,
): Promise<OrderDesk> {
  const pool = new Pool(commandUrl, { connections });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = async (path: string, body: unknown) => {
    const answer = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode !== 201) throw new Error(`POST ${path} answered ${answer.statusCode}: ${text}`);
  };
  const productId = (index: number) => `${20_000 + (index % PRODUCTS)}`;
  for (let index = 0; index < PRODUCTS; index++) {
    await post('/api/v1/inventory/items', {
      productId: productId(index),
      name: `Product ${index}`,
      price: { amount: 255, currency: 'GBP' },
      quantity: 1_000_000,
    });
  }
  return {
    placeOrder: (index) => post('/api/v1/orders', { items: [{ productId: productId(index), quantity: 1 }] }),
    close: () => pool.close(),
  };
}
