import { Completion } from './checkpoint/completion.ts';
import type { Channel, Consumer } from './distribution/consumer.ts';
import { Distribution } from './distribution/distribution.ts';
import type { Rate } from './distribution/rate.ts';
import type { Entry, Message } from './entry.ts';
import type { GroupPorts, GroupStart, NackAction } from './ports.ts';
import type { GroupSettings } from './settings.ts';

export class MaximumSubscribersReachedError extends Error {
  override readonly name = 'MaximumSubscribersReachedError';
}

/** What a group may keep in memory of events that are read and not finished, whatever its buffers are set to. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;

/**
 * The core of a persistent subscription: takes what was read, has it shared out among its consumers and decides what
 * becomes of it: finished, sent again, or parked. Delivers at least once. All calls are synchronous; the two writes it
 * asks for are not waited for.
 */
export class Group<M extends Message> {
  readonly settings: GroupSettings;
  readonly #ports: GroupPorts<M>;
  readonly #distribution: Distribution<M>;
  readonly #completion: Completion<M>;
  #stopped = false;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, start: GroupStart = {}) {
    this.settings = settings;
    this.#ports = ports;
    this.#distribution = new Distribution<M>(settings.strategy, ports.now);
    this.#completion = new Completion<M>(settings, ports, start);
  }

  /** @throws MaximumSubscribersReachedError */
  connect(channel: Channel<M>): Consumer<M> {
    const { maxSubscriberCount } = this.settings;
    if (maxSubscriberCount !== 0 && this.#distribution.consumers.size >= maxSubscriberCount) {
      throw new MaximumSubscribersReachedError();
    }
    return this.#distribution.join(channel);
  }

  /** What a consumer left unanswered goes to others, however often: leaving never parks. */
  disconnect(consumer: Consumer<M>): void {
    if (this.#stopped) return;
    this.#distribution.leave(consumer);
    this.dispatch();
  }

  /** How many more events may be handed to `read`, of each kind. */
  get room(): { history: number; live: number } {
    if (this.isFull) return { history: 0, live: 0 };
    const { historyBufferSize, liveBufferSize } = this.settings;
    const { history, live } = this.#distribution.counts;
    return { history: historyBufferSize - history, live: liveBufferSize - live };
  }

  /** It holds so much unfinished that nothing more should be read for it. */
  get isFull(): boolean {
    return this.#completion.unfinishedBytes >= MOST_HELD_BYTES;
  }

  /** The next events of the log, in order. */
  read(messages: Iterable<M>, origin: 'history' | 'live'): void {
    this.#add(messages, origin);
  }

  /** Parked events that come again, by their revisions in the parked stream. */
  replay(messages: Iterable<M>): void {
    this.#add(messages, 'replay');
  }

  /** The log holds nothing for the group up to there, of `looked` events looked at. */
  passed(position: number, looked: number): void {
    if (!this.#stopped) this.#completion.pass(position, looked);
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
    this.#completion.tick();
  }

  /** Sends as much as consumers have room for. */
  dispatch(): void {
    if (this.#stopped) return;
    this.#distribution.dispatch();
    this.#ports.wantMore();
  }

  /** Waits for the checkpoint that is being written, and may save how far all is finished, whether due or not. */
  settle(how: { saves: boolean }): Promise<void> {
    return this.#completion.settle(how);
  }

  /** From here on the group does nothing more, whatever it is told. */
  stop(): void {
    this.#stopped = true;
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#completion.replayedUpTo;
  }

  /** The newest event read; never behind the checkpoint. */
  get lastKnown(): number | undefined {
    return this.#completion.lastKnown;
  }

  get lastCheckpoint(): number | undefined {
    return this.#completion.lastCheckpoint;
  }

  get counts() {
    return this.#distribution.counts;
  }

  get sent(): Rate {
    return this.#distribution.sent;
  }

  #add(messages: Iterable<M>, origin: Entry<M>['origin']): void {
    if (this.#stopped) return;
    for (const message of messages) this.#distribution.add(this.#completion.begin(message, origin));
    this.dispatch();
  }

  #answer(consumer: Consumer<M>, ids: readonly string[], settle: (entry: Entry<M>) => void): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = this.#distribution.take(consumer, id);
      if (entry) settle(entry);
    }
    this.dispatch();
  }

  #timeOut(sentBy: number): void {
    for (const [entry, consumer] of this.#distribution.takeSentBy(sentBy)) this.#retryOrPark(entry, consumer);
  }

  #retryOrPark(entry: Entry<M>, consumer: Consumer<M>): void {
    const { maxRetryCount } = this.settings;
    if (entry.retryCount < maxRetryCount) this.#distribution.again(entry, consumer);
    else this.#park(entry, `Reached retry count of ${maxRetryCount}`);
  }

  /** An event that could not be parked is sent again: it must not be lost. */
  #park(entry: Entry<M>, reason: string): void {
    this.#ports
      .park(entry.message, reason)
      .then(
        () => this.#finish(entry),
        () => this.#distribution.again(entry),
      )
      .then(() => this.dispatch());
  }

  #finish(entry: Entry<M>): void {
    if (this.#stopped) return;
    this.#distribution.finished(entry);
    this.#completion.finish(entry);
  }
}
