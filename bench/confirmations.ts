import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { System } from '../test/support/system.ts';
import type { Shop } from './shop.ts';

/** Tells when the query API shows an order as confirmed: woken by its live updates, and then asked for the order itself. */
export class Confirmations {
  readonly #shop: Shop;
  /** Positions, of orders that nobody has asked for yet too: their POST may be answered later. */
  readonly #confirmed = new Map<string, string>();
  readonly #waiting = new Map<string, (position: string) => void>();
  readonly #ending = new AbortController();

  private constructor(shop: Shop) {
    this.#shop = shop;
  }

  static async follow({ queryUrl, token }: System, shop: Shop): Promise<Confirmations> {
    const confirmations = new Confirmations(shop);
    const answer = await fetch(`${queryUrl}/api/v1/orders/live`, {
      headers: { authorization: `Bearer ${token('operator')}` },
      signal: confirmations.#ending.signal,
    });
    if (answer.status !== 200 || answer.body === null) throw new Error(`no live updates: ${answer.status}`);
    confirmations.#read(answer.body).catch(() => {});
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

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const messages = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id = '', data } of messages) {
      const { type, orderId } = JSON.parse(data) as { readonly type: string; readonly orderId: string };
      if (type !== 'OrderConfirmed') continue;
      this.#confirmed.set(orderId, id);
      this.#waiting.get(orderId)?.(id);
    }
  }
}
