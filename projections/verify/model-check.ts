import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { Documents, Stored } from '../../read-store/read-store.ts';
import { evolveBatch } from '../engine/writing/evolve-batch.ts';
import type { Projection } from '../projection.ts';
import { type Check, Differences } from './check.ts';
import { firstDifference } from './first-difference.ts';

const CHUNK = 500;

/** Folds the events of one read model and compares the result with the stored documents. */
export interface ModelCheck {
  readonly projection: Projection;
  /** Folds the next event at or before the position of the comparison. */
  fold(recorded: RecordedEvent): Promise<void>;
  /** Reads the stored documents, after the last `fold`. */
  compare(): Promise<void>;
  /** Folds an event after the position of the comparison. */
  foldLater(recorded: RecordedEvent): void;
  /** Stored documents have changed since the position: the check needs the events that changed them. */
  isWaiting(): boolean;
  result(): Check;
  /** Returns a folded document as of the position; undefined for a read model that only grows. */
  folded(id: string): unknown;
}

export const modelCheck = (
  projection: Projection,
  stored: Documents<unknown>,
  position: bigint,
): ModelCheck =>
  projection.growsOnly === true
    ? new GrowingModelCheck(projection, stored, position)
    : new FoldedModelCheck(projection, stored, position);

abstract class AbstractCheck {
  readonly projection: Projection;
  protected readonly stored: Documents<unknown>;
  protected readonly position: bigint;
  protected readonly differences = new Differences();
  protected count = 0;

  constructor(projection: Projection, stored: Documents<unknown>, position: bigint) {
    this.projection = projection;
    this.stored = stored;
    this.position = position;
  }

  result(): Check {
    const name = `read model ${this.projection.name} equals a fresh fold of the events`;
    return this.differences.check(name, `${this.count} documents, all equal`);
  }

  protected evolve(
    recorded: readonly RecordedEvent[],
    from: ReadonlyMap<string, Stored<unknown>>,
  ): ReadonlyMap<string, Stored<unknown>> {
    const { changed, poison } = evolveBatch(this.projection, recorded, from);
    if (poison !== undefined)
      this.differences.add(`${poison.stream}@${poison.revision} cannot be folded: ${poison.reason}`);
    return changed;
  }

  protected compareOne(expected: Stored<unknown>, actual: Stored<unknown> | undefined): void {
    const difference =
      actual === undefined
        ? 'it is missing'
        : (firstDifference(expected.body, actual.body) ??
          (expected.position === actual.position
            ? undefined
            : `it is at position ${actual.position}, should be at ${expected.position}`));
    if (difference !== undefined) this.differences.add(`${expected.id}: ${difference}`);
  }
}

/** Keeps all documents. A stored document that is ahead is compared once the fold has reached its position. */
class FoldedModelCheck extends AbstractCheck implements ModelCheck {
  readonly #documents = new Map<string, Stored<unknown>>();
  readonly #ahead = new Map<string, Stored<unknown>>();
  #later: Map<string, Stored<unknown>> | undefined;

  async fold(recorded: RecordedEvent): Promise<void> {
    for (const [id, document] of this.evolve([recorded], this.#documents)) this.#documents.set(id, document);
  }

  async compare(): Promise<void> {
    const missing = new Set(this.#documents.keys());
    for await (const actual of this.stored.all()) {
      this.count += 1;
      missing.delete(actual.id);
      const expected = this.#documents.get(actual.id);
      if (actual.position > this.position) this.#ahead.set(actual.id, actual);
      else if (expected === undefined) this.differences.add(`${actual.id}: no event leads to it`);
      else this.compareOne(expected, actual);
    }
    for (const id of missing) this.differences.add(`${id}: it is missing`);
  }

  foldLater(recorded: RecordedEvent): void {
    this.#later ??= new Map(this.#documents);
    for (const [id, document] of this.evolve([recorded], this.#later)) {
      this.#later.set(id, document);
      const actual = this.#ahead.get(id);
      if (actual === undefined || document.position < actual.position) continue;
      this.#ahead.delete(id);
      this.compareOne(document, actual);
    }
  }

  isWaiting(): boolean {
    return this.#ahead.size > 0;
  }

  override result(): Check {
    for (const { id, position } of this.#ahead.values())
      this.differences.add(`${id}: it is at position ${position}, where no event changes it`);
    this.#ahead.clear();
    return super.result();
  }

  folded(id: string): unknown {
    return this.#documents.get(id)?.body;
  }
}

/** Compares in chunks: such a read model may be as large as the log, and its documents never change. */
class GrowingModelCheck extends AbstractCheck implements ModelCheck {
  #chunk: RecordedEvent[] = [];
  #expected = 0;

  async fold(recorded: RecordedEvent): Promise<void> {
    this.#chunk.push(recorded);
    if (this.#chunk.length >= CHUNK) await this.#compareChunk();
  }

  async compare(): Promise<void> {
    await this.#compareChunk();
    let actual = 0;
    for await (const { position } of this.stored.all()) if (position <= this.position) actual += 1;
    this.count = this.#expected;
    if (actual > this.#expected)
      this.differences.add(`${actual - this.#expected} documents that no event leads to`);
  }

  foldLater(): void {}

  isWaiting(): boolean {
    return false;
  }

  folded(): undefined {
    return undefined;
  }

  async #compareChunk(): Promise<void> {
    const expected = this.evolve(this.#chunk, new Map());
    this.#chunk = [];
    this.#expected += expected.size;
    const actual = await this.stored.load([...expected.keys()]);
    for (const [id, document] of expected) this.compareOne(document, actual.get(id));
  }
}
