import pLimit from 'p-limit';
import type { EventLog } from '../storage/log.ts';
import type { GroupConfiguration, GroupRequest } from './configuration.ts';
import { configure, isEnd } from './configure.ts';
import { GroupExistsError, GroupNotFoundError } from './errors.ts';
import { CommitListeners } from './feed/commit-listeners.ts';
import { PersistentSubscription } from './persistent-subscription.ts';
import { readConfigurations, saveConfigurations } from './stored/configuration-stream.ts';

/** Interval of ticks; timeouts and checkpoints are late by at most this time. */
const TICK_MS = 100;

/** All groups of a node: creates, updates, deletes and runs them. */
export class PersistentSubscriptions {
  readonly #log: EventLog;
  readonly #byStream = new Map<string, Map<string, PersistentSubscription>>();
  readonly #commitListeners: CommitListeners;
  readonly #timer: NodeJS.Timeout;
  /** Changes run one after another. */
  readonly #oneAtATime = pLimit(1);

  constructor(log: EventLog) {
    this.#log = log;
    this.#commitListeners = new CommitListeners(log);
    for (const configuration of readConfigurations(log)) this.#run(configuration);
    this.#timer = setInterval(() => {
      for (const { group } of this.all()) group.tick();
    }, TICK_MS);
    this.#timer.unref();
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

  /** @throws {GroupExistsError} {GroupFailedError} for invalid settings, {MalformedRequestError} */
  create(request: GroupRequest): Promise<void> {
    return this.#oneAtATime(async () => {
      const { stream, group } = request;
      if (this.#byStream.get(stream)?.has(group)) throw new GroupExistsError(stream, group);
      const configuration = configure(this.#log, request);
      await this.#save([...this.#configurations(), configuration]);
      this.#run(configuration);
    });
  }

  /**
   * Updates a group, which keeps its filter and its checkpoint, and drops its consumers. As in the real server, a new start
   * applies if no checkpoint was saved yet, regardless of acknowledgements.
   */
  update(request: GroupRequest): Promise<void> {
    return this.#oneAtATime(async () => {
      const { stream, group } = request;
      const current = this.get(stream, group);
      const configuration = { ...configure(this.#log, request), filter: current.configuration.filter };
      // Keep the end as it was when the group was created, or events since then would be lost.
      if (request.start === 'end' && isEnd(current.configuration)) {
        configuration.startAfter = current.configuration.startAfter;
      }
      await this.#save([
        ...this.#configurations().filter((other) => other !== current.configuration),
        configuration,
      ]);
      await this.#stop(current, { saves: configuration.startFrom === current.configuration.startFrom });
      this.#run(configuration);
    });
  }

  delete(stream: string, group: string): Promise<void> {
    return this.#oneAtATime(async () => {
      const current = this.get(stream, group);
      await this.#save(this.#configurations().filter((other) => other !== current.configuration));
      await this.#stop(current, { saves: false });
      await current.remove();
    });
  }

  /** Restarts every group from its checkpoint, and drops all consumers. */
  restart(): Promise<void> {
    return this.#oneAtATime(async () => {
      const configurations = this.#configurations();
      await Promise.all([...this.all()].map((each) => this.#stop(each, { saves: true })));
      for (const configuration of configurations) this.#run(configuration);
    });
  }

  /**
   * Saves the checkpoint of every group and stops it; call before the log is closed. Does not drop consumers: to them a
   * stopping node must not look like a deleted group.
   */
  async close(): Promise<void> {
    clearInterval(this.#timer);
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
}
