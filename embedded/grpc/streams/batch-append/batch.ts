import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { NewEvent } from '../../../storage/event.ts';
import type { ExpectedRevision } from '../../../storage/log.ts';
import { appendBytesOf, MAX_APPEND_BYTES } from '../../messages/append-size.ts';
import { noneIsSet } from '../../messages/errors.ts';
import { expectedRevisionOf, newEventOf, streamNameOf } from '../../messages/request-fields.ts';

/** Maximum time until the last part of a batch, unless its deadline is earlier. */
const DEFAULT_DEADLINE_MS = 2_000;
/** Memory of an event besides its content. */
const OVERHEAD_BYTES = 256;

/** Collects the parts of one append of a batch call. */
export class Batch {
  readonly stream: string;
  readonly identifier: shared.StreamIdentifier | undefined;
  readonly expected: ExpectedRevision;
  readonly #deadline: number | undefined;
  #events: NewEvent[] = [];
  #appendBytes = 0;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @throws {GrpcError} if stream or expected revision is missing */
  constructor(options: streams.BatchAppendReq.Options) {
    this.identifier = options.getStreamIdentifier();
    this.stream = streamNameOf(this.identifier);
    const revision = options.hasStreamPosition() ? options.getStreamPosition() : undefined;
    const expected = expectedRevisionOf(options, revision);
    if (expected === undefined)
      throw noneIsSet('Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase');
    this.expected = expected;
    const deadline = options.getDeadline();
    this.#deadline = deadline && deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6;
  }

  get events(): readonly NewEvent[] {
    return this.#events;
  }

  /** Memory of the events. */
  get bytes(): number {
    return this.#bytes;
  }

  get isTooBig(): boolean {
    return this.#appendBytes > MAX_APPEND_BYTES;
  }

  get hasExpired(): boolean {
    return this.#deadline !== undefined && this.#deadline <= Date.now();
  }

  /** @throws {GrpcError} if an event has no id, type or content type */
  add(messages: readonly streams.BatchAppendReq.ProposedMessage[]): void {
    for (const message of messages) {
      const event = newEventOf(message);
      this.#appendBytes += appendBytesOf(event);
      this.#bytes += appendBytesOf(event) + OVERHEAD_BYTES;
      this.#events.push(event);
    }
    // The append will be rejected, so its events are not needed.
    if (this.isTooBig) this.#events = [];
  }

  /** Calls back when the deadline passes before the last part arrives. */
  onExpired(callback: () => void): void {
    const wait = this.#deadline === undefined ? DEFAULT_DEADLINE_MS : this.#deadline - Date.now();
    this.#timer = setTimeout(callback, Math.min(Math.max(wait, 0), DEFAULT_DEADLINE_MS));
    this.#timer.unref();
  }

  cancelTimer(): void {
    clearTimeout(this.#timer);
  }
}
