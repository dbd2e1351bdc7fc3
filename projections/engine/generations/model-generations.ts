import { randomUUID } from 'node:crypto';
import { type BuiltGeneration, type Generations, generationsKey } from '../../../read-store/generations.ts';
import type { ReadStore } from '../../../read-store/read-store.ts';
import type { Projection } from '../../projection.ts';
import { retryWhileUnavailable, type WritePermission, WritingEnded } from '../lease/write-permission.ts';

const NO_GENERATIONS: Generations = { writer: '', newest: 0, retired: [] };

/**
 * The generations of a read model. Only the projector that claimed them last can change them: one that was suspended while
 * another took over gets `WritingEnded`.
 */
export class ModelGenerations {
  readonly #readStore: ReadStore;
  readonly #writing: WritePermission;
  readonly #key: string;
  readonly #writer = randomUUID();
  #revision = 0;
  #current = NO_GENERATIONS;
  #changing: Promise<unknown> = Promise.resolve();
  #lostClaim = false;

  private constructor(readStore: ReadStore, model: string, writing: WritePermission) {
    this.#readStore = readStore;
    this.#key = generationsKey(model);
    this.#writing = writing;
  }

  static async claim(
    readStore: ReadStore,
    model: string,
    writing: WritePermission,
  ): Promise<ModelGenerations> {
    const generations = new ModelGenerations(readStore, model, writing);
    await generations.#read();
    if (generations.#revision === 0) await generations.#skipLeftovers(model);
    while (!(await generations.#replace(generations.#current)));
    return generations;
  }

  get live(): BuiltGeneration | undefined {
    return this.#current.live;
  }

  get next(): Generations['next'] {
    return this.#current.next;
  }

  get retired(): readonly number[] {
    return this.#current.retired;
  }

  isKnown(number: number): boolean {
    const { live, next, retired } = this.#current;
    return [live?.number, next?.number, ...retired].includes(number);
  }

  /** Creates the first generation of the read model, live from the start. */
  async createFirst({ version, indexes }: Projection): Promise<BuiltGeneration> {
    const live = { number: this.#current.newest + 1, version, indexes };
    await this.#change((current) => ({ ...current, newest: live.number, live }));
    return live;
  }

  /** Records the indexes of the live generation. */
  async recordIndexes({ indexes }: Projection): Promise<void> {
    const { live } = this.#current;
    if (live === undefined || JSON.stringify(live.indexes) === JSON.stringify(indexes)) return;
    await this.#change((current) => ({ ...current, live: { ...live, indexes } }));
  }

  /** Creates a generation to be built beside the live one; returns its number. */
  async createNext({ version }: Projection, dryRun: boolean): Promise<number> {
    const number = this.#current.newest + 1;
    await this.#change((current) => ({ ...current, newest: number, next: { number, version, dryRun } }));
    return number;
  }

  /** Makes the next generation live. Returns the number of the previous one. */
  async switchOver({ indexes }: Projection): Promise<number | undefined> {
    const before = this.#current.live?.number;
    await this.#change(({ next, live, ...rest }) => ({
      ...rest,
      ...(next !== undefined && { live: { number: next.number, version: next.version, indexes } }),
      retired: live === undefined ? rest.retired : [...rest.retired, live.number],
    }));
    return before;
  }

  /** Retires the next generation without making it live. Returns its number. */
  async abandonNext(): Promise<number | undefined> {
    const abandoned = this.#current.next?.number;
    await this.#change(({ next, ...rest }) => ({
      ...rest,
      retired: next === undefined ? rest.retired : [...rest.retired, next.number],
    }));
    return abandoned;
  }

  /** Removes a dropped generation from the list. */
  async forget(number: number): Promise<void> {
    await this.#change((current) => ({
      ...current,
      retired: current.retired.filter((retired) => retired !== number),
    }));
  }

  /** Runs one change after the other. */
  #change(change: (current: Generations) => Generations): Promise<void> {
    const changed = this.#changing.then(async () => {
      this.#lostClaim ||= !(await this.#replace(change(this.#current)));
      if (this.#lostClaim) throw new WritingEnded();
    });
    this.#changing = changed.catch(() => {});
    return changed;
  }

  async #replace(generations: Generations): Promise<boolean> {
    const body = { ...generations, writer: this.#writer };
    const expected = this.#revision;
    const replaced = await retryWhileUnavailable(this.#writing, () =>
      this.#readStore.replaceMetadata(this.#key, body, expected),
    );
    if (!replaced) {
      await this.#read();
      // It is ours if the write succeeded and only its response was lost.
      return this.#current.writer === this.#writer && this.#revision === expected + 1;
    }
    this.#revision = expected + 1;
    this.#current = body;
    return true;
  }

  /** The list of generations was removed, but documents remain: they may be stale and must not be reused. */
  async #skipLeftovers(model: string): Promise<void> {
    const stored = await retryWhileUnavailable(this.#writing, () => this.#readStore.storedGenerations(model));
    this.#current = { ...this.#current, newest: Math.max(0, ...stored) };
  }

  async #read(): Promise<void> {
    const stored = await retryWhileUnavailable(this.#writing, () => this.#readStore.metadata(this.#key));
    this.#revision = stored?.revision ?? 0;
    this.#current = (stored?.body as Generations | undefined) ?? NO_GENERATIONS;
  }
}
