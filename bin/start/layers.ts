import type { RunningRole } from '../roles/running-role.ts';

/** Everything that a process runs, in layers. Layers stop in reverse order, since later ones use earlier ones. */
export class Layers {
  readonly #layers: RunningRole[][] = [];
  #fail: (error: unknown) => void = () => {};
  /** Rejects when a part of any layer has failed. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#fail = reject;
  });

  constructor() {
    this.failed.catch(() => {});
  }

  /** Begins a layer; returns a function that adds to it. */
  layer(): <Added extends RunningRole>(running: Added) => Added {
    const layer: RunningRole[] = [];
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
