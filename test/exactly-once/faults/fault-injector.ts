/** Numbers that look random and are the same again for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `FAULTS_SEED`, or any. */
export const seedOfRun = (): number => Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 32));

/** Decides, by chance, what goes wrong, and counts it. `rates` are the chances, from 0 to 1, by kind of fault. */
export class Mischief<Fault extends string> {
  readonly counts: Record<Fault, number>;
  /** What is still to be done later. */
  pending = 0;
  readonly #random: () => number;
  readonly #rates: Record<Fault, number>;

  constructor(seed: number, rates: Readonly<Record<Fault, number>>) {
    this.#random = randomFrom(seed);
    this.#rates = { ...rates };
    this.counts = { ...rates };
    for (const fault of Object.keys(rates) as Fault[]) this.counts[fault] = 0;
  }

  does(fault: Fault): boolean {
    if (this.#random() >= this.#rates[fault]) return false;
    this.counts[fault] += 1;
    return true;
  }

  /** Does it after some time, at most this long. */
  later(upToMs: number, act: () => void): void {
    this.pending += 1;
    setTimeout(() => {
      this.pending -= 1;
      act();
    }, this.#random() * upToMs);
  }

  set(fault: Fault, rate: number): void {
    this.#rates[fault] = rate;
  }

  /** Nothing goes wrong from now on. */
  end(): void {
    for (const fault of Object.keys(this.#rates) as Fault[]) this.#rates[fault] = 0;
  }

  /** What was meant to go wrong at some time and never did. */
  never(): Fault[] {
    return (Object.keys(this.counts) as Fault[]).filter((fault) => this.counts[fault] === 0);
  }
}
