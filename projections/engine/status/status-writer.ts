import type { ModelStatus, ReadStore } from '../../../read-store/read-store.ts';
import type { WritePermission } from '../lease/write-permission.ts';

/** Keeps the status of each read model, and writes changed ones to the read store. */
export class StatusWriter {
  readonly #readStore: ReadStore;
  readonly #permission: WritePermission;
  readonly #onChange: (status: ModelStatus) => void;
  readonly #current = new Map<string, ModelStatus>();
  readonly #unwritten = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(readStore: ReadStore, permission: WritePermission, onChange: (status: ModelStatus) => void) {
    this.#readStore = readStore;
    this.#permission = permission;
    this.#onChange = onChange;
  }

  /** Sets the status of a read model; writes it soon if it has changed. */
  set(status: ModelStatus): void {
    if (JSON.stringify(this.#current.get(status.name)) === JSON.stringify(status)) return;
    this.#current.set(status.name, status);
    this.#unwritten.add(status.name);
    this.#onChange(status);
    void this.write();
  }

  /** Writes changed statuses, one write after the other. A failed write is retried with the next call. */
  write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (const name of [...this.#unwritten]) {
      // Another projector may hold the lease now, and writes the statuses.
      if (!this.#permission.isHeld()) return;
      const status = this.#current.get(name);
      this.#unwritten.delete(name);
      try {
        if (status !== undefined) await this.#readStore.writeStatus(status);
      } catch (error) {
        this.#unwritten.add(name);
        this.#permission.logger.warn('status not stored', { model: name, error: String(error) });
        return;
      }
    }
  }
}
