import { request } from 'undici';
import type { System } from '../../test/support/system.ts';
import type { Shop } from '../harness/shop.ts';

/** Waits until the query API shows an order as confirmed: a live update announces it, and a query confirms it. */
export class ConfirmationWatcher {
  readonly #shop: Shop;
  /** Positions of the confirmations, also of orders whose POST is not answered yet. */
  readonly #confirmed = new Map<string, string>();
  readonly #waiting = new Map<string, (position: string) => void>();
  readonly #ending = new AbortController();

  private constructor(shop: Shop) {
    this.#shop = shop;
  }

  static async follow({ queryUrl, token }: System, shop: Shop): Promise<ConfirmationWatcher> {
    const confirmations = new ConfirmationWatcher(shop);
    const { statusCode, body } = await request(`${queryUrl}/api/v1/orders/live`, {
      headers: { authorization: `Bearer ${token('operator')}` },
      signal: confirmations.#ending.signal,
      bodyTimeout: 0,
    });
    if (statusCode !== 200) throw new Error(`no live updates: ${statusCode}`);
    confirmations.#read(body.setEncoding('utf8')).catch(() => {});
    return confirmations;
  }

  async of(orderId: string): Promise<void> {
    const position =
      this.#confirmed.get(orderId) ??
      (await new Promise<string>((resolve) => this.#waiting.set(orderId, resolve)));
    const order = await this.#shop.query<{ readonly status: string }>(
      `/orders/${orderId}?minPosition=${position}`,
    );
    if (order === undefined || order.status === 'placed')
      throw new Error(`order ${orderId} is ${order?.status} after it was confirmed`);
  }

  end(): void {
    this.#ending.abort();
  }

  /** Parses only the confirmations, one message in twenty, to leave processor time to the measured system. */
  async #read(body: AsyncIterable<string>): Promise<void> {
    let text = '';
    for await (const piece of body) {
      const messages = (text + piece).split('\n\n');
      text = messages.pop() ?? '';
      for (const message of messages) if (message.includes('"OrderConfirmed"')) this.#log(message);
    }
  }

  #log(message: string): void {
    const [, id = ''] = /^id: ?(.*)$/m.exec(message) ?? [];
    const { orderId } = JSON.parse(/^data: ?(.*)$/m.exec(message)?.[1] ?? '') as { readonly orderId: string };
    this.#confirmed.set(orderId, id);
    this.#waiting.get(orderId)?.(id);
  }
}
