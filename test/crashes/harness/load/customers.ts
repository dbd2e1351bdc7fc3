import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../../../support/http.ts';
import type { Moments } from '../../../support/random-choices.ts';
import { shopOf } from '../../../support/shop.ts';
import type { Place } from '../../../support/system.ts';
import { patiently } from './retry-until-answered.ts';

/** An order that was acknowledged, and what may become of it after all that its customer was told. */
export interface Acknowledged {
  readonly orderId: string;
  readonly key: string;
  readonly body: unknown;
  mayBe: readonly string[];
  isRefunded: boolean;
}

/** An answer that no customer should get. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';

  constructor(to: string, { status, body }: HttpAnswer) {
    super(`${to} was answered ${status} ${JSON.stringify(body)}`);
  }
}

type Line = { readonly productId: string; readonly quantity: number };

const PRODUCTS = ['mug', 'bowl', 'plate', 'spoon', 'fork', 'knife'];
const OPENING = 100_000;
/** Some are disappointed, whoever comes first. */
const SCARCE = { productId: 'teapot', opening: 60 };
const TOO_MANY = 900_000;
/** Between two errands of a customer, at most. */
const REST_MS = 60;
const FLAKY_REST_MS = 1_500;
const SETTLED_WITHIN_MS = 180_000;
const UNDER_WAY = ['placed', 'confirmed', 'shipped'];

export interface CustomersOptions {
  readonly place: Place;
  readonly moments: Moments;
  /** Aborts when nobody is to wait for answers any more. */
  readonly over: AbortSignal;
}

/** Customers and operators of a small shop, each doing one errand after the other, and each asking until answered. */
export class Customers {
  readonly orders: Acknowledged[] = [];
  /** Units received since the opening, by product. */
  readonly received = new Map<string, number>();
  /** Connections that broke while somebody waited for an answer: what may happen twice happens then. */
  lostAnswers = 0;
  readonly #shop: ReturnType<typeof shopOf>;
  readonly #moments: Moments;
  readonly #over: AbortSignal;
  readonly #busy: Promise<void>[] = [];
  #isClosing = false;

  constructor({ place, moments, over }: CustomersOptions) {
    this.#shop = shopOf(place);
    this.#moments = moments;
    this.#over = over;
  }

  async stockUp(): Promise<void> {
    for (const productId of PRODUCTS) await this.#shop.createItem(productId, OPENING);
    await this.#shop.createItem(SCARCE.productId, SCARCE.opening);
  }

  /** So many at a time, and one with a flaky card, until `leave`. */
  come(count: number): void {
    for (let customer = 0; customer < count; customer += 1) this.#busy.push(this.#shopping());
    this.#busy.push(this.#shoppingWithFlakyCard());
    // Who watches hears of it; one who was called off midway need not be heard.
    for (const errands of this.#busy) errands.catch(() => {});
  }

  /** Resolves when each has done what they were at. Rejects with what one of them could not put up with. */
  async leave(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#busy);
  }

  /** Rejects as soon as one of them meets what they cannot put up with. */
  get content(): Promise<unknown> {
    return Promise.all(this.#busy);
  }

  /** One order that can be fulfilled, paid for with this token. */
  order(paymentToken?: string): Promise<Acknowledged> {
    return this.#place(this.#lines(), ['shipped'], paymentToken);
  }

  /** Sends an order again, as it was: the answer's order id. */
  async repeat({ body, key }: Acknowledged): Promise<string> {
    const answer = await this.#patiently(() => this.#shop.place(body, withKey(key)));
    return String(answer.body.orderId);
  }

  /** Resolves when the query API shows what is to become of it. Throws `WrongAnswer` when it never does. */
  async settled({ orderId, mayBe }: Acknowledged): Promise<void> {
    const deadline = Date.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const answer = await this.#patiently(() => this.#shop.get(`/orders/${orderId}`));
      if (mayBe.includes(answer.body.status)) return;
      // It may not have come to the read models yet.
      const isUnderWay = answer.status === 404 || UNDER_WAY.includes(answer.body.status);
      if (!isUnderWay || Date.now() > deadline) throw new WrongAnswer(`order ${orderId}`, answer);
      await sleep(50, undefined, { signal: this.#over });
    }
  }

  async #shopping(): Promise<void> {
    const errands = [
      () => this.order(),
      () => this.order(),
      () => this.order(),
      () => this.#place(this.#lines(), ['rejected'], 'tok_declined'),
      () => this.#place([...this.#lines(), { productId: 'mug', quantity: TOO_MANY }], ['rejected']),
      () => this.#place([{ productId: SCARCE.productId, quantity: 3 }], ['shipped', 'rejected']),
      () => this.#placeAndCancel(),
      () => this.#placeAndRefund(),
      () => this.#placeAndDeliver(),
      () => this.#receive(),
    ];
    while (!this.#isClosing) {
      await this.#moments.oneOf(errands)();
      await sleep(this.#moments.below(REST_MS), undefined, { signal: this.#over });
    }
  }

  /** One order after the other: many at once would be kept apart by the circuit breaker, and take long. */
  async #shoppingWithFlakyCard(): Promise<void> {
    while (!this.#isClosing) {
      await this.settled(await this.order('tok_flaky'));
      await sleep(FLAKY_REST_MS, undefined, { signal: this.#over });
    }
  }

  async #place(
    items: readonly Line[],
    mayBe: readonly string[],
    paymentToken = 'tok_ok',
  ): Promise<Acknowledged> {
    const body = { items, payment: { token: paymentToken } };
    const key = randomUUID();
    const answer = await this.#patiently(() => this.#shop.place(body, withKey(key)));
    if (answer.status !== 201) throw new WrongAnswer('an order', answer);
    const order = { orderId: String(answer.body.orderId), key, body, mayBe, isRefunded: false };
    this.orders.push(order);
    return order;
  }

  /** At any moment of its way: what the answer says is what must come of it. */
  async #placeAndCancel(): Promise<void> {
    const order = await this.order();
    await sleep(this.#moments.below(60), undefined, { signal: this.#over });
    const { status } = await this.#ask(`/orders/${order.orderId}/cancel`, {}, [200, 409]);
    if (status === 200) order.mayBe = ['cancelled'];
  }

  async #placeAndRefund(): Promise<void> {
    const order = await this.order();
    await this.settled(order);
    await this.#ask(`/payments/${order.orderId}/refund`, { reason: 'broken' }, [200]);
    order.isRefunded = true;
  }

  async #placeAndDeliver(): Promise<void> {
    const order = await this.order();
    await this.settled(order);
    await this.#ask(`/shipments/${order.orderId}/deliver`, undefined, [200]);
    order.mayBe = ['delivered'];
  }

  async #receive(): Promise<void> {
    const { productId, quantity } = this.#line();
    await this.#ask(`/inventory/items/${productId}/receipts`, { quantity }, [200]);
    this.received.set(productId, (this.received.get(productId) ?? 0) + quantity);
  }

  async #ask(path: string, body: unknown, statuses: readonly number[]): Promise<HttpAnswer> {
    const key = randomUUID();
    const answer = await this.#patiently(() => this.#shop.post(path, body, withKey(key)));
    if (!statuses.includes(answer.status)) throw new WrongAnswer(path, answer);
    return answer;
  }

  #patiently(ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    return patiently(ask, this.#over, () => {
      this.lostAnswers += 1;
    });
  }

  #line(): Line {
    return { productId: this.#moments.oneOf(PRODUCTS), quantity: 1 + this.#moments.below(4) };
  }

  #lines(): Line[] {
    return Array.from({ length: 1 + this.#moments.below(3) }, () => this.#line());
  }
}

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });
