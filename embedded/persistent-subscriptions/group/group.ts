import { ProgressTracker } from './checkpoint/progress-tracker.ts';
import type { Channel, Consumer } from './dispatch/consumer.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import type { Rate } from './dispatch/rate.ts';
import type { Entry, Message, Origin } from './entry.ts';
import type { GroupPorts, GroupStart, NackAction } from './ports.ts';
import type { GroupSettings } from './settings.ts';

/** Maximum memory of the unfinished events of a group, regardless of its buffer settings. */
const MAX_UNFINISHED_BYTES = 64 * 1024 * 1024;

/**
 * The core of a persistent subscription: distributes events to its consumers, and finishes, retries or parks them. Delivers
 * at least once. All calls are synchronous and do not wait for writes.
 */
export class Group<M extends Message> {
  readonly settings: GroupSettings;
  readonly #ports: GroupPorts<M>;
  readonly #dispatcher: Dispatcher<M>;
  readonly #progress: ProgressTracker<M>;
  #stopped = false;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, start: GroupStart = {}) {
    this.settings = settings;
    this.#ports = ports;
    this.#dispatcher = new Dispatcher<M>(settings.strategy, ports.now);
    this.#progress = new ProgressTracker<M>(settings, ports, start);
  }

  /** Returns undefined if the group has its maximum number of consumers. */
  connect(channel: Channel<M>): Consumer<M> | undefined {
    const { maxSubscriberCount } = this.settings;
    const isFull = maxSubscriberCount !== 0 && this.#dispatcher.consumers.size >= maxSubscriberCount;
    return isFull ? undefined : this.#dispatcher.join(channel);
  }

  /** Sends the unacknowledged events of a consumer to others. A disconnect never parks an event. */
  disconnect(consumer: Consumer<M>): void {
    if (this.#stopped) return;
    this.#dispatcher.leave(consumer);
    this.dispatch();
  }

  /** Number of events that `read` still accepts, by origin. */
  get room(): { history: number; live: number } {
    if (this.isFull) return { history: 0, live: 0 };
    const { historyBufferSize, liveBufferSize } = this.settings;
    const { history, live } = this.#dispatcher.counts;
    return { history: historyBufferSize - history, live: liveBufferSize - live };
  }

  /** The unfinished events use the maximum memory; no more events may be read. */
  get isFull(): boolean {
    return this.#progress.unfinishedBytes >= MAX_UNFINISHED_BYTES;
  }

  /** Accepts the next events of the log or, for a replay, of the parked stream, in order. */
  read(messages: Iterable<M>, origin: Origin): void {
    if (this.#stopped) return;
    for (const message of messages) this.#dispatcher.add(this.#progress.begin(message, origin));
    this.dispatch();
  }

  /** Skips to a position: of `checked` events up to it, none is for the group. */
  skipTo(position: number, checked: number): void {
    if (!this.#stopped) this.#progress.skipTo(position, checked);
  }

  acknowledge(consumer: Consumer<M>, ids: readonly string[]): void {
    this.#settle(consumer, ids, (entry) => {
      if (this.settings.extraStatistics) consumer.latencies.add(this.#ports.now() - entry.sentAt);
      this.#finish(entry);
    });
  }

  /** Handles a negative acknowledgement. `stop` drops the event like `skip`, as in the real server. */
  nack(consumer: Consumer<M>, ids: readonly string[], action: NackAction, reason: string): void {
    this.#settle(consumer, ids, (entry) => {
      if (action === 'retry') this.#retryOrPark(entry, consumer);
      else if (action === 'park') this.#park(entry, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#finish(entry);
    });
  }

  /** Call periodically: retries timed-out events, sends to consumers that read again, saves a due checkpoint. */
  tick(): void {
    if (this.#stopped) return;
    const { messageTimeout } = this.settings;
    if (messageTimeout > 0) this.#timeOut(this.#ports.now() - messageTimeout);
    this.dispatch();
    this.#progress.tick();
  }

  /** Sends as much as consumers have room for. */
  dispatch(): void {
    if (this.#stopped) return;
    this.#dispatcher.dispatch();
    this.#ports.requestMore();
  }

  /** Waits for a checkpoint write in flight, and saves a checkpoint even if none is due, if requested. */
  settle(how: { saves: boolean }): Promise<void> {
    return this.#progress.settle(how);
  }

  /** Stops permanently; later calls have no effect. */
  stop(): void {
    this.#stopped = true;
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#progress.replayedUpTo;
  }

  /** The position of the newest event read; at least the checkpoint. */
  get lastKnown(): number | undefined {
    return this.#progress.lastKnown;
  }

  get lastCheckpoint(): number | undefined {
    return this.#progress.lastCheckpoint;
  }

  get counts() {
    return this.#dispatcher.counts;
  }

  get sent(): Rate {
    return this.#dispatcher.sent;
  }

  #settle(consumer: Consumer<M>, ids: readonly string[], handle: (entry: Entry<M>) => void): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = this.#dispatcher.take(consumer, id);
      if (entry) handle(entry);
    }
    this.dispatch();
  }

  #timeOut(sentBy: number): void {
    for (const [entry, consumer] of this.#dispatcher.takeSentBy(sentBy)) this.#retryOrPark(entry, consumer);
  }

  #retryOrPark(entry: Entry<M>, consumer: Consumer<M>): void {
    const { maxRetryCount } = this.settings;
    if (entry.retryCount < maxRetryCount) this.#dispatcher.retry(entry, consumer);
    else this.#park(entry, `Reached retry count of ${maxRetryCount}`);
  }

  /** Retries an event that could not be parked, so that it is not lost. */
  #park(entry: Entry<M>, reason: string): void {
    this.#ports
      .park(entry.message, reason)
      .then(
        () => this.#finish(entry),
        () => this.#dispatcher.retry(entry),
      )
      .then(() => this.dispatch());
  }

  #finish(entry: Entry<M>): void {
    if (this.#stopped) return;
    this.#dispatcher.finish(entry);
    this.#progress.finish(entry);
  }
}
