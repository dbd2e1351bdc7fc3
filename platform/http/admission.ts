import { Overloaded } from './errors.ts';
import { Surge } from './surge.ts';

export interface AdmissionLimits {
  /** Requests carried out at once; further ones wait in line. */
  readonly atOnce: number;
  readonly waiting: number;
  /** How long one waits at most, in ms: many that come at once are all to be served, if only one after the other. */
  readonly patienceMs: number;
  /** The same while ever more come than leave: then those who wait long only make others wait. */
  readonly surgePatienceMs: number;
  /** Meanwhile, nobody joins a line whose first has waited so long, in ms: who comes now would wait as long or longer. */
  readonly standingMs: number;
  /** A line that was never empty for so long, in ms, is a surge too, however slowly it grows. */
  readonly longestLineMs: number;
  /** In a surge, a turn of the event loop that begins requests for so long, in ms, begins no more. */
  readonly turnMs: number;
}

export const defaultAdmission: AdmissionLimits = {
  atOnce: 64,
  waiting: 4_000,
  patienceMs: 5_000,
  surgePatienceMs: 150,
  standingMs: 60,
  longestLineMs: 4_000,
  turnMs: 100,
};

interface InLine {
  readonly since: number;
  readonly admit: () => void;
  readonly refuse: (error: Overloaded) => void;
}

/** A single slow request, or a process that did not get to run, is no sign of too many. */
const MANY = 50;
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
  readonly #surge = new Surge();
  #lineSince = 0;
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

  /** Whether a request that comes now is to be refused. Cheap, to be asked once for each, before anything is done for it. */
  sheds(): boolean {
    const { waiting, standingMs, turnMs } = this.#limits;
    const now = this.#now();
    this.#surge.came(now);
    if (this.#turnBegan === undefined) {
      this.#turnBegan = now;
      this.#begunInTurn = 0;
      setImmediate(() => {
        this.#turnBegan = undefined;
      });
    }
    this.#begunInTurn += 1;
    if (this.#begunInTurn > MANY && now - this.#turnBegan > turnMs && this.#surge.lasts) return true;
    const [first] = this.#line;
    if (first === undefined) return false;
    return this.#line.size >= waiting || (now - first.since > standingMs && this.#isSurge(now));
  }

  /** Resolves when it is the caller's turn, who then owes a `leave`. Rejects with `Overloaded`. */
  async enter(): Promise<void> {
    if (this.#inFlight < this.#limits.atOnce) {
      this.#inFlight += 1;
      return;
    }
    await new Promise<void>((admit, refuse) => {
      const now = this.#now();
      if (this.#line.size === 0) this.#lineSince = now;
      this.#line.add({ since: now, admit, refuse });
      this.#impatience ??= setTimeout(() => this.#refuseTheImpatient(), lookEveryMs);
    });
  }

  leave(): void {
    this.#surge.left();
    const [first] = this.#line;
    if (first === undefined) {
      this.#inFlight -= 1;
      return;
    }
    this.#line.delete(first);
    first.admit();
  }

  #isSurge(now: number): boolean {
    return this.#surge.lasts || now - this.#lineSince > this.#limits.longestLineMs;
  }

  #refuseTheImpatient(): void {
    const { patienceMs, surgePatienceMs } = this.#limits;
    const now = this.#now();
    const patience = this.#isSurge(now) ? surgePatienceMs : patienceMs;
    for (const one of this.#line) {
      if (now - one.since < patience) break;
      this.#line.delete(one);
      one.refuse(new Overloaded());
    }
    this.#impatience =
      this.#line.size === 0 ? undefined : setTimeout(() => this.#refuseTheImpatient(), lookEveryMs);
  }
}
