import { ProgressTracker } from './checkpoint/progress-tracker.ts';
import type { Channel, Consumer } from './dispatch/consumer.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import type { Rate } from './dispatch/rate.ts';
import type { Entry, Message } from './entry.ts';
import type { GroupPorts, GroupStart, NackAction } from './ports.ts';
import type { GroupSettings } from './settings.ts';

export class MaximumSubscribersReachedError extends Error {
  override readonly name = 'MaximumSubscribersReachedError';
}

/** What a group may keep in memory of events that are read and not finished, whatever its buffers are set to. */
const MAX_UNFINISHED_BYTES = 64 * 1024 * 1024;

/**
 * The core of a persistent subscription: takes what was read, has it shared out among its consumers and decides what
 * becomes of it: finished, sent again, or parked. Delivers at least once. All calls are synchronous; the two writes it
 * asks for are not waited for.
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

  /** @throws MaximumSubscribersReachedError */
  connect(channel: Channel<M>): Consumer<M> {
    const { maxSubscriberCount } = this.settings;
    if (maxSubscriberCount !== 0 && this.#dispatcher.consumers.size >= maxSubscriberCount) {
      throw new MaximumSubscribersReachedError();
    }
    return this.#dispatcher.join(channel);
  }

  /** What a consumer left unanswered goes to others, however often: leaving never parks. */
  disconnect(consumer: Consumer<M>): void {
    if (this.#stopped) return;
    this.#dispatcher.leave(consumer);
    this.dispatch();
  }

  /** How many more events may be handed to `read`, of each kind. */
  get room(): { history: number; live: number } {
    if (this.isFull) return { history: 0, live: 0 };
    const { historyBufferSize, liveBufferSize } = this.settings;
    const { history, live } = this.#dispatcher.counts;
    return { history: historyBufferSize - history, live: liveBufferSize - live };
  }

  /** It holds so much unfinished that nothing more should be read for it. */
  get isFull(): boolean {
    return this.#progress.unfinishedBytes >= MAX_UNFINISHED_BYTES;
  }

  /** The next events of the log, in order. */
  read(messages: Iterable<M>, origin: 'history' | 'live'): void {
    this.#add(messages, origin);
  }

  /** Parked events that come again, by their revisions in the parked stream. */
  replay(messages: Iterable<M>): void {
    this.#add(messages, 'replay');
  }

  /** The log holds nothing for the group up to there, of `checked` events checked at. */
  passed(position: number, checked: number): void {
    if (!this.#stopped) this.#progress.pass(position, checked);
  }

  acknowledge(consumer: Consumer<M>, ids: readonly string[]): void {
    this.#answer(consumer, ids, (entry) => {
      if (this.settings.extraStatistics) consumer.latencies.add(this.#ports.now() - entry.sentAt);
      this.#finish(entry);
    });
  }

  /** `stop` drops the event like `skip`, as the real server does. */
  refuse(consumer: Consumer<M>, ids: readonly string[], action: NackAction, reason: string): void {
    this.#answer(consumer, ids, (entry) => {
      if (action === 'retry') this.#retryOrPark(entry, consumer);
      else if (action === 'park') this.#park(entry, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#finish(entry);
    });
  }

  /** To be called again and again: finds what timed out, who reads again, and saves a checkpoint that is due. */
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

  /** Waits for the checkpoint that is being written, and may save how far all is finished, whether due or not. */
  settle(how: { saves: boolean }): Promise<void> {
    return this.#progress.settle(how);
  }

  /** From here on the group does nothing more, whatever it is told. */
  stop(): void {
    this.#stopped = true;
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#progress.replayedUpTo;
  }

  /** The newest event read; never behind the checkpoint. */
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

  #add(messages: Iterable<M>, origin: Entry<M>['origin']): void {
    if (this.#stopped) return;
    for (const message of messages) this.#dispatcher.add(this.#progress.begin(message, origin));
    this.dispatch();
  }

  #answer(consumer: Consumer<M>, ids: readonly string[], settle: (entry: Entry<M>) => void): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = this.#dispatcher.take(consumer, id);
      if (entry) settle(entry);
    }
    this.dispatch();
  }

  #timeOut(sentBy: number): void {
    for (const [entry, consumer] of this.#dispatcher.takeSentBy(sentBy)) this.#retryOrPark(entry, consumer);
  }

  #retryOrPark(entry: Entry<M>, consumer: Consumer<M>): void {
    const { maxRetryCount } = this.settings;
    if (entry.retryCount < maxRetryCount) this.#dispatcher.again(entry, consumer);
    else this.#park(entry, `Reached retry count of ${maxRetryCount}`);
  }

  /** An event that could not be parked is sent again: it must not be lost. */
  #park(entry: Entry<M>, reason: string): void {
    this.#ports
      .park(entry.message, reason)
      .then(
        () => this.#finish(entry),
        () => this.#dispatcher.again(entry),
      )
      .then(() => this.dispatch());
  }

  #finish(entry: Entry<M>): void {
    if (this.#stopped) return;
    this.#dispatcher.finished(entry);
    this.#progress.finish(entry);
  }
}
