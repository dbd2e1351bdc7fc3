import { setTimeout as sleep } from 'node:timers/promises';
import { call, type HttpResponse } from '../../support/http.ts';
import { tokenFor } from '../../support/system.ts';

export interface ImpatientClientOptions {
  /** The command APIs of all processes; each request goes to a random one. */
  readonly commandUrls: readonly string[];
  readonly random: () => number;
}

export interface Command {
  readonly path: string;
  readonly body: unknown;
  readonly role: 'customer' | 'operator';
  /** Idempotency key. */
  readonly key: string;
}

/** Two requests with the same idempotency key got different responses. */
export class DifferentResponses extends Error {
  override readonly name = 'DifferentResponses';

  constructor({ key }: Command, one: HttpResponse, other: HttpResponse) {
    super(`${key}: ${one.status} ${JSON.stringify(one.body)}, ${other.status} ${JSON.stringify(other.body)}`);
  }
}

const DUPLICATE_RATE = 0.15;
const ABORT_RATE = 0.08;
const REPEAT_RATE = 0.05;
/** Maximum milliseconds before an aborted request is aborted. */
const ABORT_WITHIN_MS = 120;
const isSuccess = ({ status }: HttpResponse) => status < 300;

/** Creates a client that sometimes aborts requests, and sometimes sends them twice at once or again later. */
export function createImpatientClient({ commandUrls, random }: ImpatientClientOptions) {
  const counts = { requests: 0, duplicates: 0, aborted: 0, unavailable: 0 };
  const randomUrl = () => commandUrls[Math.floor(random() * commandUrls.length)] ?? '';
  const tokens = { customer: tokenFor('customer', 'ann'), operator: tokenFor('operator') };

  /** Sends one request; returns undefined when its outcome is unknown or the API is unavailable. */
  const tryOnce = async ({ path, body, role, key }: Command): Promise<HttpResponse | undefined> => {
    counts.requests += 1;
    const aborts = random() < ABORT_RATE;
    try {
      const response = await call('POST', `${randomUrl()}/api/v1${path}`, {
        token: tokens[role],
        headers: { 'idempotency-key': key },
        body,
        ...(aborts && { signal: AbortSignal.timeout(1 + Math.floor(random() * ABORT_WITHIN_MS)) }),
      });
      if (response.status !== 503) return response;
      counts.unavailable += 1;
    } catch {
      counts.aborted += 1;
    }
    return undefined;
  };

  const retryUntilAnswered = async (command: Command): Promise<HttpResponse> => {
    for (;;) {
      const response = await tryOnce(command);
      if (response !== undefined) return response;
      await sleep(20 + random() * 100);
    }
  };

  return {
    counts,
    /**
     * Sends a command until it is answered; sometimes twice at once, sometimes again later. Throws `DifferentResponses`
     * when the successful responses differ.
     */
    async send(command: Command): Promise<HttpResponse> {
      const duplicate = random() < DUPLICATE_RATE ? retryUntilAnswered(command) : undefined;
      const responses = [await retryUntilAnswered(command)];
      if (duplicate !== undefined) {
        counts.duplicates += 1;
        responses.push(await duplicate);
      }
      if (random() < REPEAT_RATE) responses.push(await retryUntilAnswered(command));
      const [first, ...others] = responses.filter(isSuccess);
      for (const other of others)
        if (first !== undefined && JSON.stringify(first.body) !== JSON.stringify(other.body))
          throw new DifferentResponses(command, first, other);
      const last = first ?? responses.at(-1);
      if (last === undefined) throw new TypeError('there is no response');
      return last;
    },
  };
}

export type ImpatientClient = ReturnType<typeof createImpatientClient>;
