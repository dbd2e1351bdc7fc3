import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { withTimeout } from '../../platform/async/timeout.ts';
import { untilAborted } from '../../platform/async/until-aborted.ts';
import { clientParts } from './client-parts.ts';
import { Replaced, Unanswered } from './failures.ts';
import { openClient } from './open-client.ts';
import type { Target } from './target.ts';

interface Current {
  readonly client: EventStoreDBClient;
  readonly replaced: AbortController;
  lastAnswerAt: number;
}

/**
 * A client that can be replaced. The client asks the server for its features once per channel and keeps a failure, and
 * after a broken stream it may not receive answers any more.
 */
export class ClientSource {
  readonly #target: Pick<Target, 'connectionString'>;
  #current: Current | undefined;

  /** Connects at first use. */
  constructor(target: Pick<Target, 'connectionString'>) {
    this.#target = target;
  }

  /** Throws when a file in the connection string does not exist. */
  current(): EventStoreDBClient {
    if (this.#current === undefined) {
      const client = openClient(this.#target.connectionString());
      this.#current = { client, replaced: new AbortController(), lastAnswerAt: 0 };
      // Each call in flight may add a listener.
      setMaxListeners(0, this.#current.replaced.signal);
    }
    return this.#current.client;
  }

  /** Records that the server answered through this client, also with an error. */
  answered(client: EventStoreDBClient): void {
    if (this.#current?.client === client) this.#current.lastAnswerAt = performance.now();
  }

  /** Returns whether this client is current and got an answer since `moment`, a time of `performance.now()`. */
  answeredSince(client: EventStoreDBClient, moment: number): boolean {
    return this.#current?.client === client && this.#current.lastAnswerAt >= moment;
  }

  /** Whether this client has not been replaced. */
  isCurrent(client: EventStoreDBClient): boolean {
    return client === this.#current?.client;
  }

  /** Aborts when this client is replaced. */
  replacedSignal(client: EventStoreDBClient): AbortSignal {
    return this.#current?.client === client ? this.#current.replaced.signal : AbortSignal.abort();
  }

  /** Awaits an answer. Throws `Unanswered` after the time limit, and `Replaced` as soon as the client is replaced. */
  async answerOf<Answer>(
    client: EventStoreDBClient,
    answer: Promise<Answer>,
    withinMs: number,
  ): Promise<Answer> {
    const value = answer.then((result) => ({ result }));
    const untilReplaced = untilAborted(value, this.replacedSignal(client));
    const answered = await withTimeout(untilReplaced, withinMs, () => new Unanswered(withinMs));
    if (answered === undefined) throw new Replaced();
    return answered.result;
  }

  /** Replaces a client that failed. Returns whether it was the current one. */
  renew(failed: EventStoreDBClient | undefined): boolean {
    if (failed === undefined || this.#current === undefined || failed !== this.#current.client) return false;
    const { replaced } = this.#current;
    this.#current = undefined;
    replaced.abort();
    dispose(failed);
    return true;
  }

  close(): void {
    if (this.#current !== undefined) this.renew(this.#current.client);
  }

  /** Replaces the client unless it is connected to this node. Returns whether it did. */
  async leaveUnlessAt(node: string): Promise<boolean> {
    const client = this.#current?.client;
    if (client === undefined) return false;
    const channel = await Promise.race([clientParts(client).getChannel(), nextTurn()]).catch(() => {});
    return channel?.getTarget().endsWith(`:${node}`) !== true && this.renew(client);
  }
}

/** Ends the streams of a client and closes its channel, which `dispose` leaves open. */
function dispose(client: EventStoreDBClient): void {
  client
    .dispose()
    .then(() => clientParts(client).getChannel())
    .then((channel) => channel.close())
    .catch(() => {});
}
