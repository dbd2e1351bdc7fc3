import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { allDocuments } from '../../read-store/all-documents.ts';
import type { Documents, Stored } from '../../read-store/read-store.ts';
import { evolveBatch } from '../engine/writing/evolve-batch.ts';
import type { Projection } from '../projection.ts';
import { type Check, Differences } from './check.ts';
import { documentDifference } from './first-difference.ts';

const CHUNK = 500;

/** Applies all events to the documents of one read model and compares the result with the stored documents. */
export abstract class ModelCheck {
  readonly projection: Projection;
  protected readonly stored: Documents<unknown>;
  protected readonly position: bigint;
  protected readonly differences = new Differences();
  protected count = 0;

  /** `position`: where the comparison takes place. */
  constructor(projection: Projection, stored: Documents<unknown>, position: bigint) {
    this.projection = projection;
    this.stored = stored;
    this.position = position;
  }

  /** Applies the next event at or before the position. */
  abstract apply(recorded: RecordedEvent): Promise<void>;
  /** Reads the stored documents, after the last `apply`. */
  abstract compare(): Promise<void>;
  /** Applies an event after the position. */
  applyLater(_recorded: RecordedEvent): void {}
  /** Returns whether stored documents have changed since the position: the check needs the events that changed them. */
  isWaiting(): boolean {
    return false;
  }
  /** Returns the body of a document at the position; undefined for a read model that only grows. */
  bodyOf(_id: string): unknown {
    return undefined;
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
      this.differences.add(`${poison.stream}@${poison.revision} cannot be handled: ${poison.reason}`);
    return changed;
  }

  protected compareOne(expected: Stored<unknown>, actual: Stored<unknown> | undefined): void {
    const difference = actual === undefined ? 'it is missing' : documentDifference(expected, actual);
    if (difference !== undefined) this.differences.add(`${expected.id}: ${difference}`);
  }
}

export const createModelCheck = (
  projection: Projection,
  stored: Documents<unknown>,
  position: bigint,
): ModelCheck =>
  projection.growsOnly === true
    ? new GrowingModelCheck(projection, stored, position)
    : new ChangingModelCheck(projection, stored, position);

/** Keeps all documents. A stored document that is ahead is compared once the events have reached its position. */
class ChangingModelCheck extends ModelCheck {
  readonly #documents = new Map<string, Stored<unknown>>();
  readonly #ahead = new Map<string, Stored<unknown>>();
  #later: Map<string, Stored<unknown>> | undefined;

  async apply(recorded: RecordedEvent): Promise<void> {
    for (const [id, document] of this.evolve([recorded], this.#documents)) this.#documents.set(id, document);
  }

  async compare(): Promise<void> {
    const missing = new Set(this.#documents.keys());
    for await (const actual of allDocuments(this.stored)) {
      this.count += 1;
      missing.delete(actual.id);
      const expected = this.#documents.get(actual.id);
      if (actual.position > this.position) this.#ahead.set(actual.id, actual);
      else if (expected === undefined) this.differences.add(`${actual.id}: no event leads to it`);
      else this.compareOne(expected, actual);
    }
    for (const id of missing) this.differences.add(`${id}: it is missing`);
  }

  override applyLater(recorded: RecordedEvent): void {
    this.#later ??= new Map(this.#documents);
    for (const [id, document] of this.evolve([recorded], this.#later)) {
      this.#later.set(id, document);
      const actual = this.#ahead.get(id);
      if (actual === undefined || document.position < actual.position) continue;
      this.#ahead.delete(id);
      this.compareOne(document, actual);
    }
  }

  override isWaiting(): boolean {
    return this.#ahead.size > 0;
  }

  override result(): Check {
    for (const { id, position } of this.#ahead.values())
      this.differences.add(`${id}: it is at position ${position}, where no event changes it`);
    this.#ahead.clear();
    return super.result();
  }

  override bodyOf(id: string): unknown {
    return this.#documents.get(id)?.body;
  }
}

/** Compares in chunks: such a read model may be as large as the log, and its documents never change. */
class GrowingModelCheck extends ModelCheck {
  #chunk: RecordedEvent[] = [];
  #expected = 0;

  async apply(recorded: RecordedEvent): Promise<void> {
    this.#chunk.push(recorded);
    if (this.#chunk.length >= CHUNK) await this.#compareChunk();
  }

  async compare(): Promise<void> {
    await this.#compareChunk();
    let actual = 0;
    for await (const { position } of allDocuments(this.stored)) if (position <= this.position) actual += 1;
    this.count = this.#expected;
    if (actual > this.#expected)
      this.differences.add(`${actual - this.#expected} documents that no event leads to`);
  }

  async #compareChunk(): Promise<void> {
    const expected = this.evolve(this.#chunk, new Map());
    this.#chunk = [];
    this.#expected += expected.size;
    const actual = await this.stored.load([...expected.keys()]);
    for (const [id, document] of expected) this.compareOne(document, actual.get(id));
  }
}
