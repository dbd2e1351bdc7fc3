import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpResponse } from '../../../support/http.ts';
import type { RandomChoices } from '../../../support/random-choices.ts';
import { createShopClient, type ShopClient } from '../../../support/shop.ts';
import type { TestEnvironment } from '../../../support/system.ts';
import { type AcknowledgedOrder, UnexpectedResponse } from './acknowledged-order.ts';
import { retryUntilAnswered } from './retry-until-answered.ts';

type Line = { readonly productId: string; readonly quantity: number };

const PRODUCTS = ['mug', 'bowl', 'plate', 'spoon', 'fork', 'knife'];
const OPENING_STOCK = 100_000;
/** Sells out, so that some orders are rejected. */
const SCARCE = { productId: 'teapot', openingStock: 60 };
const MORE_THAN_IN_STOCK = 900_000;
const MAX_PAUSE_MS = 60;
const FLAKY_CARD_PAUSE_MS = 1_500;
const SETTLED_WITHIN_MS = 180_000;
const IN_FLIGHT_STATUSES = ['placed', 'confirmed', 'shipped'];

export interface CustomersOptions {
  readonly environment: TestEnvironment;
  readonly random: RandomChoices;
  /** Ends all waiting for responses. */
  readonly signal: AbortSignal;
}

/** Customers and operators of a small shop. Each sends one command after the other and retries it until it is answered. */
export class Customers {
  readonly orders: AcknowledgedOrder[] = [];
  /** Units received after the opening stock, by product. */
  readonly received = new Map<string, number>();
  /** Connections that broke before the response: the command may have been executed. */
  lostResponses = 0;
  readonly #shop: ShopClient;
  readonly #random: RandomChoices;
  readonly #signal: AbortSignal;
  readonly #shopping: Promise<void>[] = [];
  #isFinishing = false;

  constructor({ environment, random, signal }: CustomersOptions) {
    this.#shop = createShopClient(environment);
    this.#random = random;
    this.#signal = signal;
  }

  async createStock(): Promise<void> {
    for (const productId of PRODUCTS) await this.#shop.createItem(productId, OPENING_STOCK);
    await this.#shop.createItem(SCARCE.productId, SCARCE.openingStock);
  }

  /** Starts `count` customers, and one whose card fails twice before it works. They shop until `finish`. */
  startShopping(count: number): void {
    for (let customer = 0; customer < count; customer += 1) this.#shopping.push(this.#shopUntilFinished());
    this.#shopping.push(this.#shopWithFlakyCard());
    // `finish` and `failure` report errors. After an abort, no one awaits them.
    for (const shopping of this.#shopping) shopping.catch(() => {});
  }

  /** Resolves when every customer has finished its current command. Rejects with the first failure. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    await Promise.all(this.#shopping);
  }

  /** Rejects as soon as a customer gets an unexpected response. */
  get failure(): Promise<unknown> {
    return Promise.all(this.#shopping);
  }

  /** Places an order that can be fulfilled, paid with this token. */
  placeOrder(paymentToken?: string): Promise<AcknowledgedOrder> {
    return this.#place(this.#lines(), ['shipped'], paymentToken);
  }

  /** Sends the same order again with the same key; returns the order id of the response. */
  async placeAgain({ body, key }: AcknowledgedOrder): Promise<string> {
    const response = await this.#retry(() => this.#shop.place(body, withKey(key)));
    return String(response.body.orderId);
  }

  /** Resolves when the query API shows an allowed status. Throws `UnexpectedResponse` when it does not in time. */
  async waitUntilSettled({ orderId, allowedStatuses }: AcknowledgedOrder): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const response = await this.#retry(() => this.#shop.get(`/orders/${orderId}`));
      if (allowedStatuses.includes(response.body.status)) return;
      // 404 until the read model has the order.
      const isInFlight = response.status === 404 || IN_FLIGHT_STATUSES.includes(response.body.status);
      if (!isInFlight || Date.now() > deadline) throw new UnexpectedResponse(`order ${orderId}`, response);
      await sleep(50, undefined, { signal: this.#signal });
    }
  }

  async #shopUntilFinished(): Promise<void> {
    const activities = [
      () => this.placeOrder(),
      () => this.placeOrder(),
      () => this.placeOrder(),
      () => this.#place(this.#lines(), ['rejected'], 'tok_declined'),
      () => this.#place([...this.#lines(), { productId: 'mug', quantity: MORE_THAN_IN_STOCK }], ['rejected']),
      () => this.#place([{ productId: SCARCE.productId, quantity: 3 }], ['shipped', 'rejected']),
      () => this.#placeAndCancel(),
      () => this.#placeAndRefund(),
      () => this.#placeAndDeliver(),
      () => this.#receive(),
    ];
    while (!this.#isFinishing) {
      await this.#random.oneOf(activities)();
      await sleep(this.#random.below(MAX_PAUSE_MS), undefined, { signal: this.#signal });
    }
  }

  /** Places one order after the other: many flaky payments at once would open the circuit breaker and delay all others. */
  async #shopWithFlakyCard(): Promise<void> {
    while (!this.#isFinishing) {
      await this.waitUntilSettled(await this.placeOrder('tok_flaky'));
      await sleep(FLAKY_CARD_PAUSE_MS, undefined, { signal: this.#signal });
    }
  }

  async #place(
    items: readonly Line[],
    allowedStatuses: readonly string[],
    paymentToken = 'tok_ok',
  ): Promise<AcknowledgedOrder> {
    const body = { items, payment: { token: paymentToken } };
    const key = randomUUID();
    const response = await this.#retry(() => this.#shop.place(body, withKey(key)));
    if (response.status !== 201) throw new UnexpectedResponse('POST /orders', response);
    const order = { orderId: String(response.body.orderId), key, body, allowedStatuses, isRefunded: false };
    this.orders.push(order);
    return order;
  }

  /** Cancels an order at any stage. After a 200 the order must end cancelled. */
  async #placeAndCancel(): Promise<void> {
    const order = await this.placeOrder();
    await sleep(this.#random.below(60), undefined, { signal: this.#signal });
    const { status } = await this.#post(`/orders/${order.orderId}/cancel`, {}, [200, 409]);
    if (status === 200) order.allowedStatuses = ['cancelled'];
  }

  async #placeAndRefund(): Promise<void> {
    const order = await this.placeOrder();
    await this.waitUntilSettled(order);
    await this.#post(`/payments/${order.orderId}/refund`, { reason: 'broken' }, [200]);
    order.isRefunded = true;
  }

  async #placeAndDeliver(): Promise<void> {
    const order = await this.placeOrder();
    await this.waitUntilSettled(order);
    await this.#post(`/shipments/${order.orderId}/deliver`, undefined, [200]);
    order.allowedStatuses = ['delivered'];
  }

  async #receive(): Promise<void> {
    const { productId, quantity } = this.#line();
    await this.#post(`/inventory/items/${productId}/receipts`, { quantity }, [200]);
    this.received.set(productId, (this.received.get(productId) ?? 0) + quantity);
  }

  async #post(path: string, body: unknown, allowed: readonly number[]): Promise<HttpResponse> {
    const key = randomUUID();
    const response = await this.#retry(() => this.#shop.post(path, body, withKey(key)));
    if (!allowed.includes(response.status)) throw new UnexpectedResponse(`POST ${path}`, response);
    return response;
  }

  #retry(request: () => Promise<HttpResponse>): Promise<HttpResponse> {
    return retryUntilAnswered(request, this.#signal, () => {
      this.lostResponses += 1;
    });
  }

  #line(): Line {
    return { productId: this.#random.oneOf(PRODUCTS), quantity: 1 + this.#random.below(4) };
  }

  #lines(): Line[] {
    return Array.from({ length: 1 + this.#random.below(3) }, () => this.#line());
  }
}

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
