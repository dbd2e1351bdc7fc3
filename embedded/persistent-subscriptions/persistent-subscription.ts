import type { StoredEvent } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { GroupConfiguration } from './configuration.ts';
import { createDeliveries, type Delivery } from './delivery.ts';
import { TooManyConsumersError } from './errors.ts';
import { Feed } from './feed/feed.ts';
import { Replay } from './feed/replay.ts';
import { type Source, sourceOf } from './feed/source.ts';
import type { Channel, Consumer } from './group/dispatch/consumer.ts';
import { Group } from './group/group.ts';
import type { NackAction } from './group/ports.ts';
import { CheckpointStream } from './stored/checkpoint-stream.ts';
import { ParkedStream } from './stored/parked-stream.ts';
import { checkpointStreamOf, parkedStreamOf } from './stored/stream-names.ts';

export interface ConsumerOptions extends Channel<Delivery> {
  /** Called when the group is updated, deleted or restarted; the consumer must connect again. */
  onDropped: () => void;
  /** The address and the connection name of the consumer. */
  from: string;
  name: string;
}

/** The connection of a consumer to its group. */
export interface Connection {
  readonly options: ConsumerOptions;
  readonly consumer: Consumer<Delivery>;
  acknowledge(ids: readonly string[]): void;
  nack(ids: readonly string[], action: NackAction, reason: string): void;
  disconnect(): void;
}

const now = () => performance.now();

/** A running group: its core, its feed from the log, and its streams in the log. */
export class PersistentSubscription {
  readonly configuration: GroupConfiguration;
  readonly group: Group<Delivery>;
  readonly parked: ParkedStream;
  readonly source: Source;
  readonly connections = new Set<Connection>();
  readonly #feed: Feed;
  readonly #replay: Replay;
  readonly #checkpoints: CheckpointStream;

  /** Continues from the checkpoint in the log, or from the configured start. */
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
        onReplayFinished: () => this.#replay.onFinished(),
      },
      { startAfter, checkpoint },
    );
    this.#replay = new Replay(this.parked, this.group, deliver.fromParked);
    this.#feed = new Feed({
      source: this.source,
      group: this.group,
      deliver: deliver.fromLog,
      startAfter,
      onFailed: () => this.drop(),
    });
    this.#feed.fill();
  }

  get live(): boolean {
    return this.#feed.live;
  }

  /** @throws {TooManyConsumersError} */
  connect(options: ConsumerOptions): Connection {
    const { group } = this;
    const consumer = group.connect(options);
    if (!consumer) throw new TooManyConsumersError(this.configuration.stream, this.configuration.group);
    const connection: Connection = {
      options,
      consumer,
      acknowledge: (ids) => group.acknowledge(consumer, ids),
      nack: (ids, action, reason) => group.nack(consumer, ids, action, reason),
      disconnect: () => {
        this.connections.delete(connection);
        group.disconnect(consumer);
      },
    };
    this.connections.add(connection);
    return connection;
  }

  onCommitted(events: readonly StoredEvent[]): void {
    this.#feed.onCommitted(events);
  }

  /** Replays the events parked now, up to the revision `stopAt` in the parked stream (exclusive). */
  replayParked(stopAt?: number): void {
    this.#replay.start(stopAt);
  }

  /**
   * Stops permanently; later acknowledgements have no effect.
   * @param how whether to save a checkpoint even if none is due
   */
  async stop(how: { saves: boolean }): Promise<void> {
    this.#feed.close();
    await this.parked.settled();
    this.group.stop();
    await this.group.settle(how);
    // The last finished events may still be truncated there.
    await this.parked.settled();
  }

  /** Disconnects its consumers, which then connect again. */
  drop(): void {
    for (const { options } of this.connections) options.onDropped();
    this.connections.clear();
  }

  /** Deletes its streams in the log; call after `stop`. */
  async remove(): Promise<void> {
    await this.#checkpoints.remove();
    await this.parked.remove();
  }
}
