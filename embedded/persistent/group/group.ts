import { CheckpointPolicy } from './checkpoint-policy.ts';
import { Consumer, type Send } from './consumer.ts';
import type { Entry, Message } from './entry.ts';
import { Progress } from './progress.ts';
import { Rate } from './rate.ts';
import type { GroupSettings } from './settings.ts';
import { strategyOf } from './strategies.ts';
import type { Strategy } from './strategy.ts';
import { Waiting } from './waiting.ts';

export type NackAction = 'park' | 'retry' | 'skip' | 'stop';

/** What a group needs done outside: it knows neither the log nor the wire. */
export interface GroupPorts<M> {
  /** Milliseconds; need not be the time of day. */
  now(): number;
  /** Puts an event aside for good; the group counts it as finished once the promise resolves. */
  park(message: M, reason: string): Promise<void>;
  saveCheckpoint(position: number): Promise<void>;
  /** Buffers have room again: more may be read. */
  wantMore(): void;
  /** A replayed event is finished; all below the revision that `replayedUpTo` gives are. */
  replayFinished(): void;
}

export interface GroupStart {
  /** All up to there is not the group's business, or was finished before. */
  startAfter?: number | undefined;
  /** The checkpoint that was found. */
  checkpoint?: number | undefined;
}

export class MaximumSubscribersReachedError extends Error {
  override readonly name = 'MaximumSubscribersReachedError';
}

/** So many events that a group passed over are worth a checkpoint of their own. */
const PASSED_FOR_CHECKPOINT = 10_000;

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
  readonly #progress: Progress<M>;
  readonly #replayed = new Progress<M>();
  /** Who holds what, in the order of sending, so that the first to time out comes first. */
  readonly #inFlight = new Map<Entry<M>, Consumer<M>>();
  readonly #checkpoints: CheckpointPolicy;
  #passed = 0;
  #stopped = false;

  constructor(settings: GroupSettings, ports: GroupPorts<M>, { startAfter, checkpoint }: GroupStart = {}) {
    this.settings = settings;
    this.#ports = ports;
    this.#strategy = strategyOf<M>(settings.strategy);
    this.#progress = new Progress<M>(startAfter);
    this.#checkpoints = new CheckpointPolicy(settings, ports, checkpoint);
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
    for (const entry of [...consumer.inFlight]) {
      this.#inFlight.delete(entry);
      this.#waiting.again(entry);
    }
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
    if (this.#stopped) return;
    for (const message of messages) this.#waiting.add(this.#progress.begin(message, origin));
    this.dispatch();
  }

  /** The log holds nothing for the group up to there, of `looked` events looked at. */
  passed(position: number, looked: number): void {
    if (this.#stopped) return;
    this.#progress.pass(position);
    this.#passed += looked;
    if (this.#passed < PASSED_FOR_CHECKPOINT) return;
    this.#passed = 0;
    this.#checkpoints.move(this.#progress.reached());
  }

  /** Parked events that come again, by their revisions in the parked stream. */
  replay(messages: Iterable<M>): void {
    if (this.#stopped) return;
    for (const message of messages) this.#waiting.add(this.#replayed.begin(message, 'replay'));
    this.dispatch();
  }

  acknowledge(consumer: Consumer<M>, ids: readonly string[]): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = consumer.inFlight.take(id);
      if (!entry) continue;
      this.#inFlight.delete(entry);
      if (this.settings.extraStatistics) consumer.latencies.add(this.#ports.now() - entry.sentAt);
      this.#finish(entry);
    }
    this.#afterAnswer(consumer);
  }

  /** `stop` drops the event like `skip`, as the real server does. */
  refuse(consumer: Consumer<M>, ids: readonly string[], action: NackAction, reason: string): void {
    if (this.#stopped) return;
    for (const id of ids) {
      const entry = consumer.inFlight.take(id);
      if (!entry) continue;
      this.#inFlight.delete(entry);
      if (action === 'retry') this.#retryOrPark(entry, consumer);
      else if (action === 'park') this.#park(entry, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#finish(entry);
    }
    this.#afterAnswer(consumer);
  }

  /** To be called again and again: finds what timed out and saves a checkpoint that is due. */
  tick(): void {
    if (this.#stopped) return;
    const { messageTimeout } = this.settings;
    if (messageTimeout > 0) this.#timeOut(this.#ports.now() - messageTimeout);
    this.#checkpoints.consider(this.#progress.reached(), 'tick');
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
    return this.#checkpoints.flush(this.#progress.reached());
  }

  /** From here on the group does nothing more, whatever it is told. */
  stop(): void {
    this.#stopped = true;
  }

  /** The revision in the parked stream up to which all replayed events are finished. */
  get replayedUpTo(): number | undefined {
    return this.#replayed.reached()?.position;
  }

  /** The newest event read; never behind the checkpoint, which also passes events of others. */
  get lastKnown(): number | undefined {
    const { lastRead } = this.#progress;
    const { lastCheckpoint } = this;
    if (lastRead === undefined || lastCheckpoint === undefined) return lastRead ?? lastCheckpoint;
    return Math.max(lastRead, lastCheckpoint);
  }

  get lastCheckpoint(): number | undefined {
    return this.#checkpoints.saved;
  }

  get counts() {
    const { history, live, retry } = this.#waiting;
    return { history, live, retry, inFlight: this.#inFlight.size };
  }

  #send(entry: Entry<M>, consumer: Consumer<M>): void {
    this.#waiting.sent(entry);
    entry.sentAt = this.#ports.now();
    consumer.inFlight.add(entry);
    this.#inFlight.set(entry, consumer);
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
    if (entry.origin === 'replay') {
      this.#replayed.finish(entry);
      this.#ports.replayFinished();
    } else {
      this.#progress.finish(entry);
      this.#checkpoints.consider(this.#progress.reached(), 'event');
    }
  }

  #timeOut(sentBefore: number): void {
    const consumers = new Set<Consumer<M>>();
    for (const [entry, consumer] of this.#inFlight) {
      if (entry.sentAt > sentBefore) break;
      consumers.add(consumer);
      consumer.inFlight.remove(entry);
      this.#inFlight.delete(entry);
      this.#retryOrPark(entry, consumer);
    }
    if (!consumers.size) return;
    for (const consumer of consumers) this.#drain(consumer);
    this.dispatch();
  }

  #afterAnswer(consumer: Consumer<M>): void {
    this.#drain(consumer);
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
