import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** Result of one request; `ms` is the time since the request was due, including its wait in the load generator. */
export interface Outcome {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Of a 201. */
  readonly orderId: string | undefined;
  readonly ms: number;
}

const TICK_MS = 5;
/** Below the server's limit, and enough for all requests in flight of an open loop. */
const CONNECTIONS = 2_000;

/** Places orders of one line as an operator, over many connections. */
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

  /** Opens all connections before the test, since Node accepts only one per turn of its event loop. */
  async connect(): Promise<void> {
    const open = async () => (await this.#pool.request({ method: 'GET', path: '/health/live' })).body.dump();
    await Promise.all(Array.from({ length: CONNECTIONS }, open));
  }

  /** Keeps `inFlight` requests in flight for some seconds: the next one is sent when one is answered. */
  async closedLoop(inFlight: number, seconds: number): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    const until = performance.now() + seconds * 1_000;
    const worker = async () => {
      while (performance.now() < until) outcomes.push(await this.#place(performance.now()));
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    return outcomes;
  }

  /** Places `perSecond` orders each second, whether earlier ones are answered or not. */
  openLoop(perSecond: number, seconds: number): Promise<readonly Outcome[]> {
    return openLoop(perSecond, seconds, (dueAt) => this.#place(dueAt));
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

/** Sends `perSecond` requests each second, whether earlier ones are answered or not. */
export async function openLoop<Result>(
  perSecond: number,
  seconds: number,
  send: (dueAt: number) => Promise<Result>,
): Promise<readonly Result[]> {
  const requests: Promise<Result>[] = [];
  const startedAt = performance.now();
  const total = Math.round(perSecond * seconds);
  while (requests.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond));
    while (requests.length < due) requests.push(send(startedAt + (requests.length / perSecond) * 1_000));
    await sleep(TICK_MS);
  }
  return Promise.all(requests);
}

export const accepted = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ status }) => status === 201);

/** Returns a percentile of the latencies in milliseconds; `share` such as 0.99. */
export function percentile(outcomes: readonly Outcome[], share: number): number {
  const sorted = outcomes.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
