import { randomUUID } from 'node:crypto';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { LINK_TYPE, type StoredEvent, TOMBSTONE_REVISION } from '../../../storage/event.ts';
import type { EventLog } from '../../../storage/log.ts';
import type { ResponseStream } from '../../calls/response-stream.ts';
import type { IdFormat } from '../../messages/encode-responses.ts';
import { invalidPosition, streamDeleted, toGrpcError } from '../../messages/errors.ts';
import { PageSize } from '../read/page-size.ts';
import { encodeEvent } from '../read/read.ts';
import type { Cursor, Delivery } from './cursor.ts';
import type { LiveEvents, LiveListener } from './live-events.ts';

const { ReadResp } = streams;

export interface SubscriptionOptions {
  readonly resolveLinks: boolean;
  readonly ids: IdFormat;
}

/**
 * A catch-up subscription: reads the log to its end, then sends events as they are committed. If the client reads too
 * slowly, the subscription reads from the log again, so that its memory stays bounded.
 */
export class Subscription implements LiveListener {
  readonly #log: EventLog;
  readonly #live: LiveEvents;
  readonly #cursor: Cursor;
  readonly #responses: ResponseStream;
  readonly #options: SubscriptionOptions;
  #isLive = false;
  #stopListening: () => void = () => {};

  constructor(
    log: EventLog,
    live: LiveEvents,
    cursor: Cursor,
    responses: ResponseStream,
    options: SubscriptionOptions,
  ) {
    this.#log = log;
    this.#live = live;
    this.#cursor = cursor;
    this.#responses = responses;
    this.#options = options;
  }

  /** @param live true to skip the log and send only events committed from now on */
  start(live: boolean): void {
    const confirmation = new ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID());
    this.#responses.write(new ReadResp().setConfirmation(confirmation));
    this.#stopListening = this.#live.listen(this.#cursor.stream, this);
    if (live) this.#goLive();
    else this.#catchUp();
  }

  stop(): void {
    this.#stopListening();
  }

  onEvent(event: StoredEvent): void {
    if (this.#isLive) this.#orFail(() => this.#push(event));
  }

  #push(event: StoredEvent): void {
    if (this.#responses.isBackedUp) {
      this.#responses.write(new ReadResp().setFellBehind(new ReadResp.FellBehind()));
      for (const delivery of this.#cursor.fallBehind()) this.#send(delivery);
      this.#catchUp();
      return;
    }
    for (const delivery of this.#cursor.offer(event)) this.#send(delivery);
    if (this.#cursor.stream !== undefined && event.revision === TOMBSTONE_REVISION) {
      this.#fail(streamDeleted(this.#cursor.stream));
    }
  }

  #catchUp(): void {
    this.#isLive = false;
    this.#read().catch((error) => this.#fail(toGrpcError(error)));
  }

  async #read(): Promise<void> {
    const size = new PageSize();
    for (;;) {
      await this.#responses.drained();
      if (this.#responses.isClosed) return;
      const page = this.#cursor.read(size.current);
      for (const delivery of page.deliveries) this.#send(delivery);
      // In the same turn as the read, so that no event is missed.
      if (page.state === 'end') return this.#goLive();
      if (page.state === 'deleted') return this.#fail(streamDeleted(this.#cursor.stream ?? ''));
      if (page.state === 'invalid-position') return this.#fail(invalidPosition());
      size.adapt(page);
      if (page.deliveries.length === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** An error of a filter ends this subscription; it must not reach the commit. */
  #orFail(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(toGrpcError(error));
    }
  }

  #goLive(): void {
    this.#isLive = true;
    this.#responses.write(new ReadResp().setCaughtUp(new ReadResp.CaughtUp()));
  }

  #send(delivery: Delivery): void {
    if (delivery.kind === 'checkpoint') this.#responses.write(checkpoint(delivery.position));
    else this.#responses.write(this.#encode(delivery.event));
  }

  #encode(event: StoredEvent): Buffer {
    return event.type === LINK_TYPE && this.#options.resolveLinks
      ? encodeEvent(this.#log, event, this.#options)
      : this.#live.encode(event, this.#options.ids);
  }

  #fail(error: Error): void {
    this.stop();
    this.#responses.fail(error);
  }
}

function checkpoint(position: number): streams.ReadResp {
  const text = String(position);
  const message = new ReadResp.Checkpoint().setCommitPosition(text).setPreparePosition(text);
  return new ReadResp().setCheckpoint(message);
}
