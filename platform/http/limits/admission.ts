import { Overloaded } from '../response/errors.ts';

export interface AdmissionLimits {
  /** Requests carried out at once; further ones wait in line. */
  readonly atOnce: number;
  readonly waiting: number;
  /** How long one waits at most, in ms. */
  readonly patienceMs: number;
  /** Nobody joins a line whose first has waited so long, in ms: who comes now would wait as long or longer. */
  readonly standingMs: number;
}

/** Some hundreds may come at once and are all served; of those who keep coming, so many that each is answered within a second. */
export const defaultAdmission: AdmissionLimits = {
  atOnce: 64,
  waiting: 4_000,
  patienceMs: 500,
  standingMs: 100,
};

interface InLine {
  readonly since: number;
  readonly admit: () => void;
  readonly sendOverloaded: (error: Overloaded) => void;
}

const lookEveryMs = 20;

/**
 * How many requests are carried out at once, and how long others wait for it. What would wait too long is refused before
 * anything was done: then those who are let in are answered soon, however many come.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #now: () => number;
  #inFlight = 0;
  readonly #line = new Set<InLine>();
  #impatience: NodeJS.Timeout | undefined;

  /** `now` in milliseconds, of a clock that is never set back. */
  constructor(limits: AdmissionLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#line.size;
  }

  /** Whether a request that comes now is to be refused. Cheap, to be asked before anything is done for it. */
  sheds(): boolean {
    const [first] = this.#line;
    if (first === undefined) return false;
    return this.#line.size >= this.#limits.waiting || this.#now() - first.since > this.#limits.standingMs;
  }

  /** Resolves when it is the caller's turn, who then owes a `leave`. Rejects with `Overloaded`. */
  async enter(): Promise<void> {
    if (this.#inFlight < this.#limits.atOnce) {
      this.#inFlight += 1;
      return;
    }
    // Those that came while the line was shorter, and whose bodies came only now.
    if (this.#line.size >= this.#limits.waiting) throw new Overloaded();
    await new Promise<void>((admit, sendOverloaded) => {
      this.#line.add({ since: this.#now(), admit, sendOverloaded });
      this.#impatience ??= setTimeout(() => this.#refuseTheImpatient(), lookEveryMs);
    });
  }

  leave(): void {
    const [first] = this.#line;
    if (first === undefined) {
      this.#inFlight -= 1;
      return;
    }
    this.#line.delete(first);
    first.admit();
  }

  #refuseTheImpatient(): void {
    const now = this.#now();
    for (const one of this.#line) {
      if (now - one.since < this.#limits.patienceMs) break;
      this.#line.delete(one);
      one.sendOverloaded(new Overloaded());
    }
    this.#impatience =
      this.#line.size === 0 ? undefined : setTimeout(() => this.#refuseTheImpatient(), lookEveryMs);
  }
}
