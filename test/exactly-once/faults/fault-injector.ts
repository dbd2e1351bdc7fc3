/** Returns a generator of numbers from 0 to below 1 that repeats for the same seed (mulberry32). */
export function createSeededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns `FAULTS_SEED`, or a random seed. */
export const seedOfRun = (): number => Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 32));

/** Decides at random which faults occur, and counts them. `rates` are the probabilities, from 0 to 1, by kind of fault. */
export class FaultInjector<Fault extends string> {
  readonly counts: Record<Fault, number>;
  /** Number of delayed actions that have not run yet. */
  pending = 0;
  readonly #random: () => number;
  readonly #rates: Record<Fault, number>;

  constructor(seed: number, rates: Readonly<Record<Fault, number>>) {
    this.#random = createSeededRandom(seed);
    this.#rates = { ...rates };
    this.counts = { ...rates };
    for (const fault of Object.keys(rates) as Fault[]) this.counts[fault] = 0;
  }

  /** Returns whether the fault occurs now. */
  occurs(fault: Fault): boolean {
    if (this.#random() >= this.#rates[fault]) return false;
    this.counts[fault] += 1;
    return true;
  }

  /** Runs the action after a random delay of at most `maxMs`. */
  delay(maxMs: number, act: () => void): void {
    this.pending += 1;
    setTimeout(() => {
      this.pending -= 1;
      act();
    }, this.#random() * maxMs);
  }

  setRate(fault: Fault, rate: number): void {
    this.#rates[fault] = rate;
  }

  /** After this, no fault occurs. */
  stop(): void {
    for (const fault of Object.keys(this.#rates) as Fault[]) this.#rates[fault] = 0;
  }

  /** Returns the faults that have not occurred. */
  missing(): Fault[] {
    return (Object.keys(this.counts) as Fault[]).filter((fault) => this.counts[fault] === 0);
  }
}
