import { ReadStoreUnavailable } from '../../../read-store/errors.ts';
import type { Documents, Generation, Position, ReadStore, Stored } from '../../../read-store/read-store.ts';

export interface Commit {
  readonly model: string;
  readonly generation: number;
  readonly documents: readonly Stored<unknown>[];
  readonly checkpoint: Position;
}

const BEGINNING: Position = { commit: 0n, prepare: 0n };

/** A process's connection to a read store, which breaks or is held up on demand. */
export class FaultyReadStore {
  readonly store: ReadStore;
  readonly commits: Commit[] = [];
  /** Number of calls while it was unavailable. */
  refusals = 0;
  /** Runs before each commit of documents of a generation. To simulate a killed process, never resolve it. */
  beforeCommit: (generation: number) => Promise<void> = async () => {};
  readonly #inner: ReadStore;
  #isUnavailable = false;
  #crashAt: { commit: number; survives: (index: number) => boolean } | undefined;
  #held: Promise<void> | undefined;
  #resume: () => void = () => {};
  #onCrash: () => void = () => {};
  #onHeldCommit: () => void = () => {};

  constructor(inner: ReadStore) {
    this.#inner = inner;
    this.store = new Proxy(inner, {
      get: (target, name) => {
        if (name === 'generation') return this.#generation;
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...values: unknown[]) => {
          await this.#passing();
          return Reflect.apply(member, target, values);
        };
      },
    });
  }

  /**
   * The process dies within the nth commit from now that writes documents: of those only the ones that survive are
   * written, and not the checkpoint. Nothing reaches the store after that. Resolves when it happens.
   */
  crashAt(commit: number, survives: (index: number) => boolean): Promise<void> {
    this.#crashAt = { commit, survives };
    return new Promise((resolve) => {
      this.#onCrash = resolve;
    });
  }

  setUnavailable(isUnavailable: boolean): void {
    this.#isUnavailable = isUnavailable;
  }

  /**
   * The process is stopped: whatever it asks waits until it is resumed. Resolves when a commit of documents is among that.
   */
  pause(): Promise<void> {
    this.#held = new Promise((resolve) => {
      this.#resume = resolve;
    });
    return new Promise((resolve) => {
      this.#onHeldCommit = resolve;
    });
  }

  resume(): void {
    this.#held = undefined;
    this.#resume();
  }

  readonly #generation = async (
    ...values: Parameters<ReadStore['generation']>
  ): Promise<Generation<unknown>> => {
    await this.#passing();
    const inner = await this.#inner.generation<unknown>(...values);
    const documents: Documents<unknown> = inner;
    return {
      generation: inner.generation,
      get: (id) => this.#passing().then(() => documents.get(id)),
      load: (ids) => this.#passing().then(() => documents.load(ids)),
      find: (query) => this.#passing().then(() => documents.find(query)),
      findJson: (query) => this.#passing().then(() => documents.findJson(query)),
      page: (after, limit) => this.#passing().then(() => documents.page(after, limit)),
      checkpoint: () => this.#passing().then(() => documents.checkpoint()),
      checkpointEvents: () => this.#passing().then(() => documents.checkpointEvents()),
      commit: async (changed, checkpoint, events) => {
        if (this.#held !== undefined && changed.length > 0) this.#onHeldCommit();
        await this.beforeCommit(inner.generation);
        await this.#passing();
        this.commits.push({
          model: values[0].name,
          generation: inner.generation,
          documents: changed,
          checkpoint,
        });
        await this.#maybeCrash(inner, changed);
        return inner.commit(changed, checkpoint, events);
      },
    };
  };

  async #maybeCrash(inner: Generation<unknown>, changed: readonly Stored<unknown>[]): Promise<void> {
    const planned = this.#crashAt;
    if (planned === undefined || changed.length === 0) return;
    planned.commit -= 1;
    if (planned.commit > 0) return;
    this.#isUnavailable = true;
    await inner.commit(
      changed.filter((_, index) => planned.survives(index)),
      BEGINNING,
    );
    this.#onCrash();
    throw new ReadStoreUnavailable('the process is gone');
  }

  async #passing(): Promise<void> {
    await this.#held;
    if (!this.#isUnavailable) return;
    this.refusals += 1;
    throw new ReadStoreUnavailable('planned');
  }
}
