import type { RequestEvent } from '../../event-catalogue/request-events.ts';
import { requestStream } from '../../event-catalogue/streams.ts';
import { uuidFromName } from '../../event-store/codec/event-id.ts';
import { systemMetadata } from '../../event-store/codec/recorded-event.ts';
import { WrongRevision } from '../../event-store/errors.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { type Logger, silent } from '../../event-store/logger.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { limitOutageWarnings } from '../../platform/logging/limit-warnings.ts';
import { isRejection, KeyReused } from '../errors.ts';
import { keyHash, type ScopedKey } from './idempotency-key.ts';
import { type Intent, type Json, type RequestRecord, readRequestRecord } from './request-record.ts';

export interface KeyedRequest extends ScopedKey {
  /** `fingerprintOf` the payload. */
  readonly fingerprint: string;
  /** The stream that the command goes to. */
  readonly target: string;
}

type Run = (intent: Intent) => Promise<Json>;

/** Runs requests with an idempotency key once. Other processes may run the same request at the same time. */
export class KeyedCommands {
  readonly #store: EventStore;
  readonly #logger: Logger;
  readonly #inFlight = new Map<string, { readonly fingerprint: string; readonly response: Promise<Json> }>();

  constructor(store: EventStore, logger: Logger = silent) {
    this.#store = store;
    this.#logger = limitOutageWarnings(logger, 'event store');
  }

  /**
   * Runs a keyed request once. Later requests with the same key and payload get the recorded response; a duplicate of a
   * request that is in flight waits for its response. A rejection is thrown and not recorded. `run` must send its command
   * with the command id, the fingerprint and `lookFrom` of the intent.
   * Throws `KeyReused` for another payload, what `run` throws, and what the event store throws. After
   * `AppendOutcomeUnknown` or `EventStoreUnavailable` the same request may be sent again.
   */
  async once<Response extends Json>(
    request: KeyedRequest,
    run: (intent: Intent) => Promise<Response>,
  ): Promise<Response> {
    const hash = keyHash(request);
    const duplicate = this.#inFlight.get(hash);
    if (duplicate !== undefined && duplicate.fingerprint !== request.fingerprint) throw new KeyReused();
    // A recorded response has the type that `run` returned for the same path and method.
    return (duplicate?.response ?? this.#start(hash, request, run)) as Promise<Response>;
  }

  #start(hash: string, request: KeyedRequest, run: Run): Promise<Json> {
    const response = this.#attempt(requestStream(hash), request, run).finally(() =>
      this.#inFlight.delete(hash),
    );
    this.#inFlight.set(hash, { fingerprint: request.fingerprint, response });
    return response;
  }

  async #attempt(stream: string, request: KeyedRequest, run: Run): Promise<Json> {
    const { intent, revision, response } = await this.#accept(stream, request);
    if (response !== undefined) return response.json;
    let own: Json;
    try {
      own = plain(await run(intent));
    } catch (error) {
      if (!isRejection(error)) throw error;
      const other = await this.#release(stream, intent, revision);
      if (other === undefined) throw error;
      return other.json;
    }
    return this.#complete(stream, intent, revision, own);
  }

  /**
   * Returns the intent that holds the key: the recorded one, or a new one. After a rejection the same payload keeps its
   * command id, since another attempt may still succeed.
   */
  async #accept(stream: string, { fingerprint, target }: KeyedRequest): Promise<Accepted> {
    for (;;) {
      const [record, last] = await Promise.all([
        readRequestRecord(this.#store, stream),
        this.#store.readLast(target),
      ]);
      const { intent, revision, rejected, response } = record;
      if (intent !== undefined && revision !== undefined && (response !== undefined || !rejected)) {
        if (intent.fingerprint !== fingerprint) throw new KeyReused();
        return { intent, revision, response };
      }
      const next: Intent =
        intent?.fingerprint === fingerprint
          ? intent
          : {
              commandId: uuidFromName(`${stream} after ${revision ?? 'nothing'}`),
              lookFrom: last === undefined ? 0n : last.revision + 1n,
              fingerprint,
            };
      const data = { ...next, lookFrom: next.lookFrom.toString(), target };
      const accepted = await this.#append(stream, { type: 'RequestAccepted', data }, revision);
      if (accepted !== undefined) return { intent: next, revision: accepted, response: undefined };
    }
  }

  /** Records the response and returns it. If another attempt has recorded its response first, returns that one. */
  async #complete(stream: string, { commandId }: Intent, after: bigint, response: Json): Promise<Json> {
    let revision = after;
    for (;;) {
      const data = { commandId, answer: response };
      const recorded = await this.#append(stream, { type: 'RequestAnswered', data }, revision);
      if (recorded !== undefined) return response;
      const record = await readRequestRecord(this.#store, stream);
      if (record.intent?.commandId !== commandId || record.revision === undefined) return response;
      if (record.response !== undefined) return record.response.json;
      revision = record.revision;
    }
  }

  /**
   * Frees the key of a rejected request. Returns the response if another attempt at the same request succeeded. Never
   * rejects, since the request is rejected in any case.
   */
  async #release(stream: string, { commandId }: Intent, after: bigint): Promise<RequestRecord['response']> {
    try {
      const recorded = await this.#append(stream, { type: 'RequestRefused', data: { commandId } }, after);
      if (recorded !== undefined) return undefined;
      const { intent, response } = await readRequestRecord(this.#store, stream);
      return intent?.commandId === commandId ? response : undefined;
    } catch (error) {
      const message = 'cannot release the idempotency key of a rejected request';
      this.#logger.warn(message, { stream, error: String(error) });
      return undefined;
    }
  }

  /** Returns the revision of the appended event; undefined on a conflict. */
  async #append(stream: string, event: RequestEvent, after: bigint | undefined): Promise<bigint | undefined> {
    const metadata = systemMetadata(event.data.commandId, idOfStream(stream));
    try {
      const { revision } = await this.#store.append(stream, [{ event, metadata }], after ?? 'no_stream');
      return revision;
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      throw error;
    }
  }
}

interface Accepted extends Pick<RequestRecord, 'response'> {
  readonly intent: Intent;
  readonly revision: bigint;
}

/** Returns the response as a later read returns it: JSON omits undefined fields. */
const plain = (response: Json): Json => JSON.parse(JSON.stringify(response));
