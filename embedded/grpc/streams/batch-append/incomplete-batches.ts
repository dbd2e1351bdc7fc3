import type { Batch } from './batch.ts';

/** Maximum memory of the incomplete batches of one call. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The batches of one call whose last part has not arrived, by correlation id. */
export class IncompleteBatches {
  readonly #batches = new Map<string, Batch>();

  get size(): number {
    return this.#batches.size;
  }

  /** Returns whether the batches use more memory than one call may. */
  get isTooLarge(): boolean {
    let bytes = 0;
    for (const batch of this.#batches.values()) bytes += batch.bytes;
    return bytes > MAX_BYTES;
  }

  get(correlationId: string): Batch | undefined {
    return this.#batches.get(correlationId);
  }

  /** Keeps a batch until it is removed, or until its deadline; `onExpired` is then called. */
  keep(correlationId: string, batch: Batch, onExpired: () => void): void {
    if (this.#batches.has(correlationId)) return;
    this.#batches.set(correlationId, batch);
    batch.onExpired(() => {
      this.remove(correlationId);
      onExpired();
    });
  }

  remove(correlationId: string): void {
    this.#batches.get(correlationId)?.cancelTimer();
    this.#batches.delete(correlationId);
  }

  clear(): void {
    for (const batch of this.#batches.values()) batch.cancelTimer();
    this.#batches.clear();
  }
}
