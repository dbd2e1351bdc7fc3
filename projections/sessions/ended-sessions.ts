import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import type { Logger } from '../../event-store/logger.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { backoffMs, pause } from '../../platform/async/backoff.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import type { EndedSessions } from '../../platform/http/tokens/ended-sessions.ts';
import { ACCESS_SECONDS } from '../../platform/http/tokens/session-token.ts';
import type { TokenSession } from '../../platform/http/tokens/verified-token.ts';
import type { Position, ReadStore } from '../../read-store/read-store.ts';
import type { SessionsBody } from './document.ts';
import { sessionsProjection } from './projection.ts';
import { findEndedSince, findRevokedSince } from './queries.ts';
import { revocationOf } from './revocations.ts';
import { SessionEnds } from './session-ends.ts';

export interface EndedSessionsOptions {
  readonly store: Pick<EventStore, 'subscribe'>;
  /** Returns the read store; undefined when it does not respond in time: then the whole log is read. */
  readonly readStore: () => Promise<Pick<ReadStore, 'live'> | undefined>;
  readonly logger: Logger;
  readonly clock: () => Date;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** A quarter of an hour more than access tokens live, since the clocks of machines differ. */
const KEEP_MS = 2 * ACCESS_SECONDS * 1000;
const prefixes = ['session-', 'user-'];
const backoff = { firstMs: 100, maxMs: 2_000 };

/**
 * Follows the ends of sessions and the revocations of users. It begins with the read model `sessions`, and goes on from its
 * checkpoint with a subscription to the event store: so each process learns of an end within milliseconds, whether a
 * projector runs or not. Until it has caught up, no access token can be verified.
 */
export class FollowedSessions implements EndedSessions {
  readonly #options: EndedSessionsOptions;
  readonly #ends = new SessionEnds(KEEP_MS);
  #position: Position | undefined;
  #isCurrent = false;
  /** Resolves once it has caught up for the first time. */
  readonly ready: Promise<void>;
  #caughtUp: () => void = () => {};

  /** Begins at once. */
  constructor(options: EndedSessionsOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#caughtUp = resolve;
    });
    void this.#run();
  }

  hasEnded(session: TokenSession): boolean {
    if (!this.#isCurrent) throw new Unavailable('it is not known yet which sessions have ended');
    return this.#ends.hasEnded(session);
  }

  onEnd(session: TokenSession, ended: () => void): () => void {
    return this.#ends.onEnd(session, ended);
  }

  /** Records an end that this process has appended itself, before the subscription delivers it. */
  sessionEnded(sessionId: string, userId: string): void {
    this.#ends.sessionEnded(sessionId, userId);
  }

  async #run(): Promise<void> {
    const { logger, signal } = this.#options;
    let hasLoaded = false;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        if (!hasLoaded) this.#position = await this.#load();
        hasLoaded = true;
        await this.#follow();
      } catch (error) {
        if (!signal.aborted) logger.warn('the ends of sessions cannot be followed', { error });
      }
      await pause(backoffMs(attempt, backoff), signal);
    }
  }

  /** Loads what the read model has. Returns its checkpoint. */
  async #load(): Promise<Position | undefined> {
    const { readStore, clock } = this.#options;
    const opened = await readStore();
    if (opened === undefined) return undefined;
    const documents = await opened.live<SessionsBody>(sessionsProjection);
    // Before the documents: an event after it is read again from the log.
    const checkpoint = await documents.checkpoint();
    const since = new Date(clock().getTime() - KEEP_MS).toISOString();
    for await (const { sessionId, userId } of findEndedSince(documents, since))
      this.#ends.sessionEnded(sessionId, userId);
    for await (const { revokedUser, revocations } of findRevokedSince(documents, since))
      this.#ends.revoked(revokedUser, revocations);
    return checkpoint;
  }

  async #follow(): Promise<void> {
    const { store, signal } = this.#options;
    const after = this.#position;
    for await (const entry of store.subscribe({ prefixes, signal, ...(after !== undefined && { after }) })) {
      if (entry.kind === 'event') this.#apply(entry.recorded);
      if (entry.kind === 'checkpoint') this.#position = entry.position;
      if (entry.kind === 'caught-up') {
        this.#isCurrent = true;
        this.#caughtUp();
      }
    }
  }

  #apply({ event, stream, revision, position }: RecordedEvent): void {
    const id = idOfStream(stream);
    const revocation = revocationOf(event, revision);
    if (revocation !== undefined) this.#ends.revoked(id, [revocation]);
    if (event.type === 'SessionEnded') {
      const { userId } = event.data as { readonly userId: string };
      this.#ends.sessionEnded(id, userId);
    }
    this.#position = position;
  }
}
