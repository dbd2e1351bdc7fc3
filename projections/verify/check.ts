/** One thing that must hold, with what was expected and what was found, in words. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** So many differences are told; of the others only how many there are. */
const TOLD = 3;

/** Holds when there are no differences. */
export class Differences {
  readonly #first: string[] = [];
  #count = 0;

  add(inWords: string): void {
    this.#count += 1;
    if (this.#first.length < TOLD) this.#first.push(inWords);
  }

  check(name: string, expected: string): Check {
    if (this.#count === 0) return { name, ok: true, expected, actual: expected };
    const more = this.#count - this.#first.length;
    const actual = `${this.#first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
    return { name, ok: false, expected, actual };
  }
}
