import { Completion } from './completion.ts';
import { Consumer, type Send } from './consumer.ts';
import type { Entry, Message } from './entry.ts';
import { Held } from './held.ts';
import type { GroupPorts, GroupStart, NackAction } from './ports.ts';
import { Rate } from './rate.ts';
import type { GroupSettings } from './settings.ts';
import { strategyOf } from './strategies.ts';
import type { Strategy } from './strategy.ts';
import { Waiting } from './waiting.ts';

export class MaximumSubscribersReachedError extends Error {
  override readonly name = 'MaximumSubscribersReachedError';
}

/**
 * The core of a persistent subscription: buffers what was read, shares it out among its consumers, sends again what
 * they return or leave unanswered, parks what cannot be handled, and knows how far a checkpoint may go.
 * Delivers at least once. All calls are synchronous; the two writes it asks for are not waited for.
 */
export class Group<M extends Message> {
  readonly settings: GroupSettings;
  readonly consumers = new Set<Consumer<M>>();
  readonly sent: Rate;
  readonly #ports: GroupPorts<M>;
  readonly #strategy: Strategy<M>;
  readonly #waiting = new Waiting<M>();
  readonly #held = new Held<M>();
  readonly #completion: Completion<M>;
  #stopped = false;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, start: GroupStart = {}) {
    this.settings = settings;
    this.#ports = ports;
    this.#strategy = strategyOf<M>(settings.strategy);
    this.#completion = new Completion<M>(settings, ports, start);
    this.sent = new Rate(ports.now);
  }

  /** @throws MaximumSubscribersReachedError */
  connect(bufferSize: number, send: Send<M>): Consumer<M> {
    const { maxSubscriberCount } = this.settings;
    if (maxSubscriberCount !== 0 && this.consumers.size >= maxSubscriberCount) {
      throw new MaximumSubscribersReachedError();
    }
    const consumer = new Consumer<M>({ send, bufferSize, now: this.#ports.now });
    this.consumers.add(consumer);
    this.#strategy.join(consumer);
    return consumer;
  }

  /** What a consumer left unanswered goes to others, however often: leaving never parks. */
  disconnect(consumer: Consumer<M>): void {
    if (this.#stopped || !this.consumers.delete(consumer)) return;
    this.#strategy.leave(consumer);
    for (const entry of this.#held.takeAll(consumer)) this.#waiting.again(entry);
    this.#waiting.takeOver(consumer.backlog);
    this.dispatch();
  }

  /** How many more events may be handed to `read`, of each kind. */
  get room(): { history: number; live: number } {
    const { historyBufferSize, liveBufferSize } = this.settings;
    const { history, live } = this.#waiting;
    return { history: historyBufferSize - history, live: liveBufferSize - live };
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

  /** To be called again and again: finds what timed out and saves a checkpoint that is due. */
  tick(): void {
    if (this.#stopped) return;
    const { messageTimeout } = this.settings;
    if (messageTimeout > 0) this.#timeOut(this.#ports.now() - messageTimeout);
    this.#completion.tick();
  }

  /** Sends as much as consumers have room for. */
  dispatch(): void {
    if (this.#stopped) return;
    while (this.consumers.size > 0) {
      const next = this.#waiting.backlog.peek();
      const consumer = next && this.#strategy.choose(next);
      if (!consumer) break;
      this.#waiting.backlog.shift();
      if (consumer.hasRoom) this.#send(next, consumer);
      else consumer.backlog.add(next);
    }
    this.#ports.wantMore();
  }

  /** Saves how far all is finished, whether due or not. */
  flush(): Promise<void> {
    return this.#completion.flush();
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
    const { history, live, retry } = this.#waiting;
    return { history, live, retry, inFlight: this.#held.size };
  }

  #add(messages: Iterable<M>, origin: Entry<M>['origin']): void {
    if (this.#stopped) return;
    for (const message of messages) this.#waiting.add(this.#completion.begin(message, origin));
    this.dispatch();
  }

  #answer(consumer: Consumer<M>, ids: readonly string[], settle: (entry: Entry<M>) => void): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = this.#held.take(consumer, id);
      if (entry) settle(entry);
    }
    this.#drain(consumer);
    this.dispatch();
  }

  #send(entry: Entry<M>, consumer: Consumer<M>): void {
    this.#waiting.sent(entry);
    this.#held.give(entry, consumer, this.#ports.now());
    consumer.sent.count();
    this.sent.count();
    consumer.send(entry.message, entry.retryCount);
  }

  /** A pinned event goes back to its consumer, ahead of what waits there. */
  #sendAgain(entry: Entry<M>, consumer: Consumer<M>): void {
    const pinned = entry.bucket >= 0 && this.consumers.has(consumer);
    this.#waiting.again(entry, pinned ? consumer.backlog : undefined);
  }

  #retryOrPark(entry: Entry<M>, consumer: Consumer<M>): void {
    const { maxRetryCount } = this.settings;
    if (entry.retryCount < maxRetryCount) this.#sendAgain(entry, consumer);
    else this.#park(entry, `Reached retry count of ${maxRetryCount}`);
  }

  /** An event that could not be parked is sent again: it must not be lost. */
  #park(entry: Entry<M>, reason: string): void {
    this.#ports.park(entry.message, reason).then(
      () => this.#finish(entry),
      () => {
        if (this.#stopped) return;
        this.#waiting.again(entry);
        this.dispatch();
      },
    );
  }

  #finish(entry: Entry<M>): void {
    if (this.#stopped) return;
    this.#strategy.finished(entry);
    this.#completion.finish(entry);
  }

  #timeOut(sentBy: number): void {
    const late = this.#held.takeSentBy(sentBy);
    if (!late.length) return;
    for (const [entry, consumer] of late) this.#retryOrPark(entry, consumer);
    for (const consumer of new Set(late.map(([, holder]) => holder))) this.#drain(consumer);
    this.dispatch();
  }

  #drain(consumer: Consumer<M>): void {
    if (!this.consumers.has(consumer)) return;
    while (consumer.hasRoom) {
      const entry = consumer.backlog.shift();
      if (!entry) return;
      this.#send(entry, consumer);
    }
  }
}
