import type { ModelStatus, ReadStore } from '../../../read-store/read-store.ts';
import type { WritePermission } from '../lease/write-permission.ts';

/** Keeps each model's status, and writes to the read store what has changed. */
export class StatusWriter {
  readonly #readStore: ReadStore;
  readonly #allowed: WritePermission;
  readonly #onChange: (status: ModelStatus) => void;
  readonly #current = new Map<string, ModelStatus>();
  readonly #unwritten = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(readStore: ReadStore, writing: WritePermission, onChange: (status: ModelStatus) => void) {
    this.#readStore = readStore;
    this.#allowed = writing;
    this.#onChange = onChange;
  }

  /** Written soon, by itself. */
  set(status: ModelStatus): void {
    if (JSON.stringify(this.#current.get(status.name)) === JSON.stringify(status)) return;
    this.#current.set(status.name, status);
    this.#unwritten.add(status.name);
    this.#onChange(status);
    void this.write();
  }

  /** One after the other, or an older status might come last. What was not written is written the next time. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (const name of [...this.#unwritten]) {
      // Somebody else tells how the models are, once they are somebody else's.
      if (!this.#allowed.isHeld()) return;
      const status = this.#current.get(name);
      this.#unwritten.delete(name);
      try {
        if (status !== undefined) await this.#readStore.writeStatus(status);
      } catch (error) {
        this.#unwritten.add(name);
        this.#allowed.logger.warn('a status could not be stored', { model: name, error: String(error) });
        return;
      }
    }
  }
}
