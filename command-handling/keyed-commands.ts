import { Refusal } from '../domain/kernel/refusal.ts';
import type { RequestEvent } from '../event-catalogue/request-events.ts';
import { requestStream } from '../event-catalogue/streams.ts';
import { uuidFromName } from '../event-store/append/event-id.ts';
import { WrongRevision } from '../event-store/errors.ts';
import type { EventStore } from '../event-store/event-store.ts';
import { type Logger, silent } from '../event-store/logger.ts';
import { idOfStream } from '../event-store/stream-name.ts';
import { foldOutages } from '../platform/logging/folded-logger.ts';
import { KeyReused, StaleRevision } from './errors.ts';
import { keyHash, type ScopedKey } from './idempotency-key.ts';
import { type Intent, type Json, type RequestStory, readStory } from './request-story.ts';

export interface KeyedRequest extends ScopedKey {
  /** `fingerprintOf` the payload. */
  readonly fingerprint: string;
  /** The stream that the command goes to. */
  readonly target: string;
}

/** What the command to the target has to carry, so that it is found again: `context.commandId`, `context.fingerprint`, `lookFrom`. */
export type KeyedContext = Intent;

export interface KeyedCommands {
  /**
   * Runs a keyed request once, for ever: again with the same payload, it gets the answer first given. A twin that comes
   * while the first is under way waits for the same answer. A refusal is thrown and not remembered.
   * Throws `KeyReused` for another payload, what `run` throws, and what the event store throws; after `AppendOutcomeUnknown`
   * or `EventStoreAway` the same request may be sent again.
   */
  readonly once: <Answer extends Json>(
    request: KeyedRequest,
    run: (context: KeyedContext) => Promise<Answer>,
  ) => Promise<Answer>;
}

export interface KeyedCommandsOptions {
  readonly store: EventStore;
  readonly logger?: Logger;
}

type Run = (context: KeyedContext) => Promise<Json>;

export function createKeyedCommands(options: KeyedCommandsOptions): KeyedCommands {
  const underWay = new Map<string, { readonly fingerprint: string; readonly answer: Promise<Json> }>();
  const attempts = createAttempts(options);

  const answerTo = (request: KeyedRequest, run: Run): Promise<Json> => {
    const hash = keyHash(request);
    const twin = underWay.get(hash);
    if (twin !== undefined) {
      return twin.fingerprint === request.fingerprint ? twin.answer : Promise.reject(new KeyReused());
    }
    const answer = attempts(requestStream(hash), request, run).finally(() => underWay.delete(hash));
    underWay.set(hash, { fingerprint: request.fingerprint, answer });
    return answer;
  };
  // What was recorded is what `run` answered, for whom it was run first.
  return { once: (request, run) => answerTo(request, run) as Promise<never> };
}

/** One attempt at a keyed request, as if this process were the only one to know of it. */
function createAttempts({ store, logger = silent }: KeyedCommandsOptions) {
  const outage = foldOutages(logger, 'event store');
  return async function attempt(stream: string, request: KeyedRequest, run: Run): Promise<Json> {
    const { intent, revision, answer } = await takeOn(stream, request);
    if (answer !== undefined) return answer.json;
    let given: Json;
    try {
      given = plain(await run(intent));
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof StaleRevision)) throw error;
      const twins = await letGo(stream, intent, revision);
      if (twins === undefined) throw error;
      return twins.json;
    }
    return settle(stream, intent, revision, given);
  };

  /**
   * The intent that holds the key: the one recorded before, or a new one. After a refusal the same payload comes under the
   * same command id, since another attempt may still do what one was refused.
   */
  async function takeOn(
    stream: string,
    { fingerprint, target }: KeyedRequest,
  ): Promise<{
    readonly intent: Intent;
    readonly revision: bigint;
    readonly answer: RequestStory['answer'];
  }> {
    for (;;) {
      const [story, last] = await Promise.all([readStory(store, stream), store.readLast(target)]);
      const { intent, revision, refused, answer } = story;
      if (intent !== undefined && revision !== undefined && (answer !== undefined || !refused)) {
        if (intent.fingerprint !== fingerprint) throw new KeyReused();
        return { intent, revision, answer };
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
      const accepted = await record(stream, { type: 'RequestAccepted', data }, revision);
      if (accepted !== undefined) return { intent: next, revision: accepted, answer: undefined };
    }
  }

  /** Records the answer, unless another attempt at the same request was first: then its answer is the one given. */
  async function settle(stream: string, { commandId }: Intent, after: bigint, answer: Json): Promise<Json> {
    let revision = after;
    for (;;) {
      const recorded = await record(
        stream,
        { type: 'RequestAnswered', data: { commandId, answer } },
        revision,
      );
      if (recorded !== undefined) return answer;
      const story = await readStory(store, stream);
      if (story.intent?.commandId !== commandId || story.revision === undefined) return answer;
      if (story.answer !== undefined) return story.answer.json;
      revision = story.revision;
    }
  }

  /** Frees the key, unless another attempt at the same request was answered. Never rejects: the refusal stands anyway. */
  async function letGo(
    stream: string,
    { commandId }: Intent,
    after: bigint,
  ): Promise<RequestStory['answer']> {
    try {
      const recorded = await record(stream, { type: 'RequestRefused', data: { commandId } }, after);
      if (recorded !== undefined) return undefined;
      const { intent, answer } = await readStory(store, stream);
      return intent?.commandId === commandId ? answer : undefined;
    } catch (error) {
      outage.warn('cannot release the idempotency key of a rejected request', {
        stream,
        error: String(error),
      });
      return undefined;
    }
  }

  /** The revision written, or undefined when somebody else was there first. */
  async function record(
    stream: string,
    event: RequestEvent,
    after: bigint | undefined,
  ): Promise<bigint | undefined> {
    const { commandId } = event.data;
    const metadata = {
      $correlationId: idOfStream(stream),
      $causationId: commandId,
      commandId,
      actor: { sub: 'orderstream', role: 'system' },
    } as const;
    try {
      const { revision } = await store.append(stream, [{ event, metadata }], after ?? 'no_stream');
      return revision;
    } catch (error) {
      if (error instanceof WrongRevision) return undefined;
      throw error;
    }
  }
}

/** As it will be read again: without what JSON leaves out. */
const plain = (answer: Json): Json => JSON.parse(JSON.stringify(answer));
