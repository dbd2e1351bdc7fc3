import { Overloaded } from './errors.ts';

export interface LargeBodiesLimits {
  readonly atOnce: number;
  /** Whoever sends theirs slowly leaves room for what others send. */
  readonly ofOneCaller: number;
}

/** Bodies that may become large, counted while they are read: so many of all callers, so many of each. */
export class LargeBodies {
  readonly #limits: LargeBodiesLimits;
  readonly #byCaller = new Map<string, number>();
  #all = 0;

  constructor(limits: LargeBodiesLimits) {
    this.#limits = limits;
  }

  /** Who have one that is being read. */
  get callers(): number {
    return this.#byCaller.size;
  }

  /** Throws `Overloaded`; whoever is let in owes a `leave`. */
  enter(caller: string): void {
    const theirs = this.#byCaller.get(caller) ?? 0;
    if (this.#all >= this.#limits.atOnce || theirs >= this.#limits.ofOneCaller) throw new Overloaded();
    this.#byCaller.set(caller, theirs + 1);
    this.#all += 1;
  }

  leave(caller: string): void {
    const theirs = this.#byCaller.get(caller) ?? 0;
    if (theirs > 1) this.#byCaller.set(caller, theirs - 1);
    else this.#byCaller.delete(caller);
    this.#all -= 1;
  }
}
