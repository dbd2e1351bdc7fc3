import type { AnyDecider } from './state/folded.ts';

/**
 * Checks that every stream category has one decider instance. With two, the cache would return a state to a decider that
 * did not make it.
 */
export class OneDeciderPerCategory {
  readonly #deciders = new Map<string, AnyDecider>();

  /** Throws `TypeError` if another decider was used for a stream of the same category. */
  check(stream: string, decider: AnyDecider): void {
    const category = stream.slice(0, stream.indexOf('-'));
    const known = this.#deciders.get(category);
    if (known === undefined) this.#deciders.set(category, decider);
    else if (known !== decider)
      throw new TypeError(
        `streams of category ${JSON.stringify(category)} have one decider; got a second one`,
      );
  }
}
