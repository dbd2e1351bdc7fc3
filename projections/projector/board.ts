import type { Logger } from '../../event-store/logger.ts';
import type { ModelStatus, ReadStore } from '../../read-store/read-store.ts';
import type { Poison } from './evolve-batch.ts';

/** Keeps each model's status, and writes to the read store what has changed. */
export class StatusBoard {
  readonly #readStore: ReadStore;
  readonly #logger: Logger;
  readonly #onChange: (status: ModelStatus) => void;
  readonly #current = new Map<string, ModelStatus>();
  readonly #unwritten = new Set<string>();

  constructor(readStore: ReadStore, logger: Logger, onChange: (status: ModelStatus) => void) {
    this.#readStore = readStore;
    this.#logger = logger;
    this.#onChange = onChange;
  }

  get(name: string): ModelStatus | undefined {
    return this.#current.get(name);
  }

  set(status: ModelStatus): void {
    if (JSON.stringify(this.#current.get(status.name)) === JSON.stringify(status)) return;
    this.#current.set(status.name, status);
    this.#unwritten.add(status.name);
    this.#onChange(status);
  }

  stopped(name: string, generation: number, { stream, revision, reason }: Poison): void {
    const error = { stream, revision: revision.toString(), reason };
    this.#logger.error('a read model has stopped at an event that it cannot handle', {
      model: name,
      ...error,
    });
    this.set({ name, generation, status: 'stopped', error });
  }

  /** Throws what the read store throws; what was not written is written the next time. */
  async write(): Promise<void> {
    for (const name of [...this.#unwritten]) {
      const status = this.#current.get(name);
      this.#unwritten.delete(name);
      try {
        if (status !== undefined) await this.#readStore.writeStatus(status);
      } catch (error) {
        this.#unwritten.add(name);
        throw error;
      }
    }
  }
}
