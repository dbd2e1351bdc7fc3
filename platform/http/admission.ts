import { Overloaded } from './errors.ts';

export interface AdmissionLimits {
  /** Requests carried out at once; further ones wait in line. */
  readonly atOnce: number;
  readonly waiting: number;
  /** Nobody waits longer, in ms. */
  readonly patienceMs: number;
  /** While the first in line has waited so long, in ms, nobody joins it: those who come would wait as long or longer. */
  readonly standingMs: number;
  /** A turn of the event loop that begins requests for so long, in ms, begins no more: others wait in their sockets. */
  readonly turnMs: number;
}

export const defaultAdmission: AdmissionLimits = {
  atOnce: 128,
  waiting: 4_000,
  patienceMs: 500,
  standingMs: 250,
  turnMs: 100,
};

interface InLine {
  readonly since: number;
  readonly admit: () => void;
  readonly refuse: (error: Overloaded) => void;
}

/** A single slow request, or a process that did not get to run, is no sign of too many. */
const MANY = 50;

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
  #turnBegan: number | undefined;
  #begunInTurn = 0;

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

  /** Cheap, to be asked before anything is done for a request. Throws `Overloaded`. */
  look(): void {
    const { waiting, standingMs, turnMs } = this.#limits;
    const now = this.#now();
    if (this.#turnBegan === undefined) {
      this.#turnBegan = now;
      this.#begunInTurn = 0;
      setImmediate(() => {
        this.#turnBegan = undefined;
      });
    }
    this.#begunInTurn += 1;
    if (this.#begunInTurn > MANY && now - this.#turnBegan > turnMs) throw new Overloaded();
    const [first] = this.#line;
    if (first !== undefined && (this.#line.size >= waiting || now - first.since > standingMs))
      throw new Overloaded();
  }

  /** Resolves when it is the caller's turn, who then owes a `leave`. Rejects with `Overloaded`. */
  async enter(): Promise<void> {
    if (this.#inFlight < this.#limits.atOnce) {
      this.#inFlight += 1;
      return;
    }
    await new Promise<void>((admit, refuse) => {
      this.#line.add({ since: this.#now(), admit, refuse });
      this.#impatience ??= setTimeout(() => this.#refuseTheImpatient(), this.#limits.patienceMs);
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
    this.#impatience = undefined;
    const { patienceMs } = this.#limits;
    for (const one of this.#line) {
      const left = one.since + patienceMs - this.#now();
      if (left > 0) {
        this.#impatience = setTimeout(() => this.#refuseTheImpatient(), Math.ceil(left));
        return;
      }
      this.#line.delete(one);
      one.refuse(new Overloaded());
    }
  }
}
