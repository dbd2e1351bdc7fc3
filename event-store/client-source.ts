import { EventStoreDBClient } from '@eventstore/db-client';
import type { Channel } from '@grpc/grpc-js';

/**
 * A client that can be replaced: the client asks a server for its features once per channel and keeps a failure for
 * good, and a stream that broke may leave it deaf.
 */
export class ClientSource {
  readonly #url: string;
  #client: EventStoreDBClient | undefined;
  #lastAnswerAt = 0;

  /** Connects when first used. Throws when the client cannot read the url. */
  constructor(url: string) {
    this.#url = url;
    this.#client = EventStoreDBClient.connectionString(url);
  }

  current(): EventStoreDBClient {
    this.#client ??= EventStoreDBClient.connectionString(this.#url);
    return this.#client;
  }

  /** Notes that the server answered something, be it a refusal. */
  answered(): void {
    this.#lastAnswerAt = performance.now();
  }

  /** Whether anything was answered since a moment of `performance.now()`. */
  answeredSince(moment: number): boolean {
    return this.#lastAnswerAt >= moment;
  }

  /** Whether this client has not been replaced. */
  isCurrent(client: EventStoreDBClient): boolean {
    return client === this.#client;
  }

  /** Replaces a client that failed; tells whether it was still the current one. */
  renew(failed: EventStoreDBClient): boolean {
    if (failed !== this.#client) return false;
    this.#client = undefined;
    dispose(failed);
    return true;
  }

  close(): void {
    if (this.#client !== undefined) this.renew(this.#client);
  }
}

/** What the client keeps to itself, but closing it needs. */
interface Closable {
  readonly getChannel: () => Promise<Channel>;
}

/** Ends its streams at once and its channel with them; `dispose` of the client alone leaves the channel open. */
function dispose(client: EventStoreDBClient): void {
  const closable = client as unknown as Closable;
  client
    .dispose()
    .then(() => closable.getChannel())
    .then((channel) => channel.close())
    .catch(() => {});
}
