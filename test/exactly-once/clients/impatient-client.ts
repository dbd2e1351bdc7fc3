import { setTimeout as sleep } from 'node:timers/promises';
import { call, type HttpAnswer } from '../../support/http.ts';
import { tokenFor } from '../../support/system.ts';

/** Whoever sends commands to the shop: impatient, and twice when in doubt. */
export interface ShoppersOptions {
  /** The command APIs of all processes; each request goes to any of them. */
  readonly commandUrls: readonly string[];
  readonly random: () => number;
}

export interface Request {
  readonly path: string;
  readonly body: unknown;
  readonly role: 'customer' | 'operator';
  readonly key: string;
}

/** An answer that a shopper got to a key differs from the one that another asking of the same key got. */
export class AnsweredDifferently extends Error {
  override readonly name = 'AnsweredDifferently';

  constructor({ key }: Request, one: HttpAnswer, other: HttpAnswer) {
    super(`${key}: ${one.status} ${JSON.stringify(one.body)}, ${other.status} ${JSON.stringify(other.body)}`);
  }
}

const TWINS = 0.15;
const HANGS_UP = 0.08;
const ASKS_AGAIN = 0.05;
/** An impatient client is gone after less than this. */
const PATIENCE_MS = 120;
const isDone = ({ status }: HttpAnswer) => status < 300;

export function shoppersOf({ commandUrls, random }: ShoppersOptions) {
  const counts = { requests: 0, twins: 0, hungUp: 0, unavailable: 0 };
  const anyUrl = () => commandUrls[Math.floor(random() * commandUrls.length)] ?? '';
  const tokens = { customer: tokenFor('customer', 'ann'), operator: tokenFor('operator') };

  /** One request; undefined when nobody knows what became of it. */
  const ask = async ({ path, body, role, key }: Request): Promise<HttpAnswer | undefined> => {
    counts.requests += 1;
    const hangsUp = random() < HANGS_UP;
    try {
      const answer = await call('POST', `${anyUrl()}/api/v1${path}`, {
        token: tokens[role],
        headers: { 'idempotency-key': key },
        body,
        ...(hangsUp && { signal: AbortSignal.timeout(1 + Math.floor(random() * PATIENCE_MS)) }),
      });
      if (answer.status !== 503) return answer;
      counts.unavailable += 1;
    } catch {
      counts.hungUp += 1;
    }
    return undefined;
  };

  const askUntilAnswered = async (request: Request): Promise<HttpAnswer> => {
    for (;;) {
      const answer = await ask(request);
      if (answer !== undefined) return answer;
      await sleep(20 + random() * 100);
    }
  };

  return {
    counts,
    /** Asks until answered, sometimes two at once, sometimes again later; what was done is answered alike each time. */
    async request(request: Request): Promise<HttpAnswer> {
      const twin = random() < TWINS ? askUntilAnswered(request) : undefined;
      const answers = [await askUntilAnswered(request)];
      if (twin !== undefined) {
        counts.twins += 1;
        answers.push(await twin);
      }
      if (random() < ASKS_AGAIN) answers.push(await askUntilAnswered(request));
      const [first, ...others] = answers.filter(isDone);
      for (const other of others)
        if (first !== undefined && JSON.stringify(first.body) !== JSON.stringify(other.body))
          throw new AnsweredDifferently(request, first, other);
      const last = first ?? answers.at(-1);
      if (last === undefined) throw new TypeError('nobody answered');
      return last;
    },
  };
}

export type Shoppers = ReturnType<typeof shoppersOf>;
