import type { EndedByItself } from '../../../support/processes/process-errors.ts';

/** Hears of processes that end though nobody ended them. */
export class Strays {
  /** For each process to tell. */
  onStray: (error: EndedByItself) => void = () => {};
  readonly #strayed: Promise<never>;

  constructor() {
    this.#strayed = new Promise((_, reject) => {
      this.onStray = reject;
    });
    // Whoever waits for something hears of it; at the end nobody does.
    this.#strayed.catch(() => {});
  }

  /** What the work comes to. Throws `EndedByItself` as soon as a process does. */
  while<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#strayed]);
  }
}
