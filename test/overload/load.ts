import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** What one request came to; `ms` from when it was due, so that waiting for its turn counts too. */
export interface Outcome {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Of a 201. */
  readonly orderId: string | undefined;
  readonly ms: number;
}

const TICK_MS = 5;
/** Fewer than the server takes, and enough for all that an open loop has under way. */
const CONNECTIONS = 2_000;

/** Orders of one line, placed by an operator, over many connections. */
export class OrderLoad {
  readonly #pool: Pool;
  readonly #headers: Record<string, string>;
  readonly #products: readonly string[];
  #next = 0;

  constructor(commandUrl: string, token: string, products: readonly string[]) {
    this.#pool = new Pool(commandUrl, { connections: CONNECTIONS });
    this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    this.#products = products;
  }

  /** Opens all connections: Node accepts one a turn of its loop, and what is tested is what comes after that. */
  async connect(): Promise<void> {
    const knock = async () => (await this.#pool.request({ method: 'GET', path: '/health/live' })).body.dump();
    await Promise.all(Array.from({ length: CONNECTIONS }, knock));
  }

  /** So many at once, one after the other, for so long. */
  async closedLoop(inFlight: number, seconds: number): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const until = performance.now() + seconds * 1_000;
    const worker = async () => {
      while (performance.now() < until) outcomes.push(await this.#place(performance.now()));
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return outcomes;
  }

  /** So many each second, whether answers come or not. */
  async openLoop(perSecond: number, seconds: number): Promise<readonly Outcome[]> {
    const underWay: Promise<Outcome>[] = [];
    const startedAt = performance.now();
    const total = Math.round(perSecond * seconds);
    while (underWay.length < total) {
      const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
      while (underWay.length < due)
        underWay.push(this.#place(startedAt + (underWay.length / perSecond) * 1_000));
      await sleep(TICK_MS);
    }
    return Promise.all(underWay);
  }

  one(): Promise<Outcome> {
    return this.#place(performance.now());
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  async #place(dueAt: number): Promise<Outcome> {
    const productId = this.#products[this.#next++ % this.#products.length];
    const answer = await this.#pool.request({
      method: 'POST',
      path: '/api/v1/orders',
      headers: this.#headers,
      body: JSON.stringify({ items: [{ productId, quantity: 1 }] }),
    });
    const text = await answer.body.text();
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
      orderId: answer.statusCode === 201 ? (JSON.parse(text) as { orderId: string }).orderId : undefined,
      ms: performance.now() - dueAt,
    };
  }
}

export const accepted = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ status }) => status === 201);

/** In milliseconds; share as in 0.99. */
export function percentile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
