import type { Running } from './roles/running.ts';

/** All that a process runs, in layers: each outlives those that were begun after it and make use of it. */
export class Run {
  readonly #layers: Running[][] = [];
  #fail: (error: unknown) => void = () => {};
  /** Rejects when something that runs can no longer go on. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor() {
    this.failed.catch(() => {});
  }

  /** Begins a layer; answers how to add to it. */
  layer(): <Added extends Running>(running: Added) => Added {
    const layer: Running[] = [];
    this.#layers.push(layer);
    return (running) => {
      layer.push(running);
      running.failed?.catch(this.#fail);
      return running;
    };
  }

  addresses(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#layers.flat().map((one) => one.addresses));
  }

  async stop(): Promise<void> {
    for (const layer of this.#layers.reverse()) await Promise.all(layer.map((one) => one.stop()));
  }
}
