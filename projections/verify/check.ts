/** A condition that must hold, with the expected and the actual value as text. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly actual: string;
}

/** Maximum number of differences in a report; of the others, only their number. */
const MAX_REPORTED = 3;

/** Collects differences; the check holds when there are none. */
export class Differences {
  readonly #first: string[] = [];
  #count = 0;

  add(text: string): void {
    this.#count += 1;
    if (this.#first.length < MAX_REPORTED) this.#first.push(text);
  }

  check(name: string, expected: string): Check {
    if (this.#count === 0) return { name, ok: true, expected, actual: expected };
    const more = this.#count - this.#first.length;
    const actual = `${this.#first.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
    return { name, ok: false, expected, actual };
  }
}
