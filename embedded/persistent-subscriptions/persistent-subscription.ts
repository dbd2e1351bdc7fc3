import type { StoredEvent } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { GroupConfiguration } from './configuration.ts';
import { createDeliveries, type Delivery } from './delivery.ts';
import { TooManyConsumersError } from './errors.ts';
import { Feed } from './feed/feed.ts';
import { Replay } from './feed/replay.ts';
import { type Source, sourceOf } from './feed/source.ts';
import type { Channel, Consumer } from './group/dispatch/consumer.ts';
import { Group, MaximumSubscribersReachedError } from './group/group.ts';
import type { NackAction } from './group/ports.ts';
import { CheckpointStream } from './stored/checkpoint-stream.ts';
import { ParkedStream } from './stored/parked-stream.ts';
import { checkpointStreamOf, parkedStreamOf } from './stored/stream-names.ts';

export interface ConsumerOptions extends Channel<Delivery> {
  /** The group is changed, deleted or restarted: the consumer has to come again. */
  dropped: () => void;
  /** Where it connects from, and what it calls itself. */
  from: string;
  name: string;
}

/** A consumer's hold on its group. */
export interface Connection {
  readonly options: ConsumerOptions;
  readonly consumer: Consumer<Delivery>;
  acknowledge(ids: readonly string[]): void;
  refuse(ids: readonly string[], action: NackAction, reason: string): void;
  leave(): void;
}

const now = () => performance.now();

/** A group at work: its core, what feeds it from the log, and what it keeps there. */
export class PersistentSubscription {
  readonly configuration: GroupConfiguration;
  readonly group: Group<Delivery>;
  readonly parked: ParkedStream;
  readonly source: Source;
  readonly connections = new Set<Connection>();
  readonly #feed: Feed;
  readonly #replay: Replay;
  readonly #checkpoints: CheckpointStream;

  /** Goes on from the checkpoint in the log, or starts where the configuration says. */
  constructor(log: EventLog, configuration: GroupConfiguration) {
    const { stream, group, settings, resolveLinkTos } = configuration;
    this.configuration = configuration;
    this.source = sourceOf(log, configuration);
    this.parked = new ParkedStream(log, parkedStreamOf(stream, group));
    this.#checkpoints = new CheckpointStream(log, checkpointStreamOf(stream, group), this.source.textOf);
    const checkpoint = this.#checkpoints.load();
    const startAfter = checkpoint ?? configuration.startAfter;
    const deliver = createDeliveries(log, resolveLinkTos, settings.strategy);
    this.group = new Group<Delivery>(
      settings,
      {
        now,
        park: (delivery, reason) => this.parked.park(delivery, reason),
        saveCheckpoint: (position) => this.#checkpoints.save(position),
        requestMore: () => {
          this.#replay.fill();
          this.#feed.fill();
        },
        onReplayFinished: () => this.#replay.finished(),
      },
      { startAfter, checkpoint },
    );
    this.#replay = new Replay(this.parked, this.group, deliver.ofParked);
    this.#feed = new Feed({
      source: this.source,
      group: this.group,
      deliver: deliver.ofLog,
      startAfter,
      failed: () => this.drop(),
    });
    this.#feed.fill();
  }

  get live(): boolean {
    return this.#feed.live;
  }

  /** @throws {TooManyConsumersError} */
  connect(options: ConsumerOptions): Connection {
    const { group } = this;
    const consumer = this.#join(options);
    const connection: Connection = {
      options,
      consumer,
      acknowledge: (ids) => group.acknowledge(consumer, ids),
      refuse: (ids, action, reason) => group.refuse(consumer, ids, action, reason),
      leave: () => {
        this.connections.delete(connection);
        group.disconnect(consumer);
      },
    };
    this.connections.add(connection);
    return connection;
  }

  committed(events: readonly StoredEvent[]): void {
    this.#feed.committed(events);
  }

  /** Events parked from now on are not replayed; `stopAt` is the revision before which to stop. */
  replayParked(stopAt?: number): void {
    this.#replay.start(stopAt);
  }

  /**
   * Stops for good; nothing that its consumers answer counts any more.
   * @param how whether it saves how far it came, also where no checkpoint is due
   */
  async stop(how: { saves: boolean }): Promise<void> {
    this.#feed.close();
    await this.parked.settled();
    this.group.stop();
    await this.group.settle(how);
    // What was finished last may still be taken away there.
    await this.parked.settled();
  }

  /** Tells its consumers to come again. */
  drop(): void {
    for (const { options } of this.connections) options.dropped();
    this.connections.clear();
  }

  /** Removes what it kept in the log; only once it is stopped. */
  async remove(): Promise<void> {
    await this.#checkpoints.remove();
    await this.parked.remove();
  }

  #join(channel: Channel<Delivery>): Consumer<Delivery> {
    const { stream, group } = this.configuration;
    try {
      return this.group.connect(channel);
    } catch (error) {
      throw error instanceof MaximumSubscribersReachedError
        ? new TooManyConsumersError(stream, group)
        : error;
    }
  }
}
