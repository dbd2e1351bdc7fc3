import { comparePositions, type LogPosition } from '../positions.ts';
import type { ModelWriter } from '../writing/model-writer.ts';

/** The writers that stopped at an event, with the number of failed attempts. */
export class StoppedWriters {
  readonly #failures = new WeakMap<ModelWriter, { readonly times: number; readonly at: LogPosition }>();

  /** Records that writers stopped. Returns the highest number of earlier attempts at the same events. */
  add(writers: readonly ModelWriter[]): number {
    const earlier = writers.map((writer) => this.#failures.get(writer)?.times ?? 0);
    writers.forEach((writer, index) => {
      this.#failures.set(writer, { times: (earlier[index] ?? 0) + 1, at: writer.position });
    });
    return Math.max(0, ...earlier);
  }

  /** Returns whether a writer is past the event at which it stopped, if it stopped at one; then forgets the event. */
  isPast(writer: ModelWriter): boolean {
    const failed = this.#failures.get(writer);
    if (failed !== undefined && comparePositions(writer.position, failed.at) <= 0) return false;
    this.#failures.delete(writer);
    return true;
  }
}
