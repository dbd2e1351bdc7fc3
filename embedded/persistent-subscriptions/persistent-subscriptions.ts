import pLimit from 'p-limit';
import { TOMBSTONE_REVISION } from '../storage/event.ts';
import type { EventLog } from '../storage/log.ts';
import type { GroupConfiguration, GroupRequest, StartRequest } from './configuration.ts';
import { GroupExistsError, GroupFailedError, GroupNotFoundError, MalformedRequestError } from './errors.ts';
import { CommitListeners } from './feed/commit-listeners.ts';
import { PersistentSubscription } from './persistent-subscription.ts';
import { readConfigurations, saveConfigurations } from './stored/configuration-stream.ts';
import { ALL } from './stored/stream-names.ts';

/** How often time is checked at: a timeout or a checkpoint is late by no more than this. */
const TICK_MS = 100;

/** All groups of a node: which there are, how they are changed, and what keeps them going. */
export class PersistentSubscriptions {
  readonly #log: EventLog;
  readonly #byStream = new Map<string, Map<string, PersistentSubscription>>();
  readonly #commitListeners: CommitListeners;
  readonly #ticking: NodeJS.Timeout;
  /** Changes happen one after another, each complete before the next. */
  readonly #oneAtATime = pLimit(1);

  constructor(log: EventLog) {
    this.#log = log;
    this.#commitListeners = new CommitListeners(log);
    for (const configuration of readConfigurations(log)) this.#run(configuration);
    this.#ticking = setInterval(() => {
      for (const { group } of this.all()) group.tick();
    }, TICK_MS);
    this.#ticking.unref();
  }

  /** @throws {GroupNotFoundError} */
  get(stream: string, group: string): PersistentSubscription {
    const found = this.#byStream.get(stream)?.get(group);
    if (!found) throw new GroupNotFoundError(stream, group);
    return found;
  }

  *all(): Generator<PersistentSubscription> {
    for (const groups of this.#byStream.values()) yield* groups.values();
  }

  ofStream(stream: string): PersistentSubscription[] {
    return [...(this.#byStream.get(stream)?.values() ?? [])];
  }

  /** @throws {GroupExistsError} {GroupFailedError} for settings that cannot be {MalformedRequestError} */
  create(request: GroupRequest): Promise<void> {
    return this.#oneAtATime(async () => {
      const { stream, group } = request;
      if (this.#byStream.get(stream)?.has(group)) throw new GroupExistsError(stream, group);
      const configuration = this.#configure(request);
      await this.#save([...this.#configurations(), configuration]);
      this.#run(configuration);
    });
  }

  /**
   * A group keeps its filter, and its checkpoint if it has one; its consumers are dropped. As in the real server another
   * start counts as long as no checkpoint was due, whatever was acknowledged.
   */
  update(request: GroupRequest): Promise<void> {
    return this.#oneAtATime(async () => {
      const { stream, group } = request;
      const old = this.get(stream, group);
      const configuration = { ...this.#configure(request), filter: old.configuration.filter };
      // An end that was fixed stays where it is, or what came since would be lost.
      if (request.start === 'end' && isEnd(old.configuration)) {
        configuration.startAfter = old.configuration.startAfter;
      }
      await this.#save([
        ...this.#configurations().filter((other) => other !== old.configuration),
        configuration,
      ]);
      await this.#stop(old, { saves: configuration.startFrom === old.configuration.startFrom });
      this.#run(configuration);
    });
  }

  delete(stream: string, group: string): Promise<void> {
    return this.#oneAtATime(async () => {
      const old = this.get(stream, group);
      await this.#save(this.#configurations().filter((other) => other !== old.configuration));
      await this.#stop(old, { saves: false });
      await old.remove();
    });
  }

  /** Starts every group anew from its checkpoint; all consumers are dropped. */
  restart(): Promise<void> {
    return this.#oneAtATime(async () => {
      const configurations = this.#configurations();
      await Promise.all([...this.all()].map((each) => this.#stop(each, { saves: true })));
      for (const configuration of configurations) this.#run(configuration);
    });
  }

  /**
   * Saves where every group is and stops; the log has to be open still. Consumers are not told: that the node goes away
   * must not look as if their group did.
   */
  async close(): Promise<void> {
    clearInterval(this.#ticking);
    this.#commitListeners.close();
    await this.#oneAtATime(() => Promise.all([...this.all()].map((each) => each.stop({ saves: true }))));
  }

  #configurations(): GroupConfiguration[] {
    return [...this.all()].map(({ configuration }) => configuration);
  }

  #save(configurations: GroupConfiguration[]): Promise<void> {
    return saveConfigurations(this.#log, configurations);
  }

  #run(configuration: GroupConfiguration): void {
    const { stream, group } = configuration;
    const subscription = new PersistentSubscription(this.#log, configuration);
    const groups = this.#byStream.get(stream) ?? new Map<string, PersistentSubscription>();
    this.#byStream.set(stream, groups.set(group, subscription));
    this.#commitListeners.add(stream, subscription);
  }

  async #stop(subscription: PersistentSubscription, how: { saves: boolean }): Promise<void> {
    const { stream, group } = subscription.configuration;
    this.#commitListeners.remove(stream, subscription);
    const groups = this.#byStream.get(stream);
    groups?.delete(group);
    if (groups?.size === 0) this.#byStream.delete(stream);
    await subscription.stop(how);
    subscription.drop();
  }

  #configure({ start, ...request }: GroupRequest): GroupConfiguration {
    const { stream, group, settings } = request;
    if (settings.readBatchSize >= settings.historyBufferSize) {
      throw new GroupFailedError(stream, group, BATCH_TOO_LARGE);
    }
    return {
      ...request,
      ...(stream === ALL ? this.#startInAll(request, start) : this.#startInStream(stream, start)),
    };
  }

  #startInStream(stream: string, start: StartRequest) {
    if (start === 'start') return { startFrom: '0', startAfter: -1 };
    if (start === 'end') return { startFrom: '-1', startAfter: this.#log.headRevision(stream) };
    if (!('revision' in start)) throw new MalformedRequestError();
    return {
      startFrom: String(start.revision),
      startAfter: Math.min(start.revision, TOMBSTONE_REVISION) - 1,
    };
  }

  #startInAll({ stream, group }: { stream: string; group: string }, start: StartRequest) {
    if (start === 'start') return { startFrom: 'C:0/P:0', startAfter: 0 };
    if (start === 'end') return { startFrom: 'C:-1/P:-1', startAfter: this.#log.lastPosition() };
    if (!('commit' in start) || start.commit < start.prepare) throw new MalformedRequestError();
    if (start.commit > this.#log.lastPosition()) throw new GroupFailedError(stream, group, PAST_THE_END);
    return { startFrom: `C:${start.commit}/P:${start.prepare}`, startAfter: start.commit - 1 };
  }
}

const isEnd = ({ startFrom }: GroupConfiguration) => startFrom === '-1' || startFrom === 'C:-1/P:-1';

// The real server's own words: clients show them as the reason.
const BATCH_TOO_LARGE =
  "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')";
const PAST_THE_END =
  'Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.';
