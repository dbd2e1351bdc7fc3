/** The state forbids a command. Subclasses carry the data of the rejection. */
export abstract class DomainError extends Error {
  /** Stable, in kebab-case: the `type` of the HTTP problem. */
  abstract readonly code: string;
}

/** The subject of a command does not exist; `id` is absent when the command does not name it. */
export class NotFound extends DomainError {
  override readonly name = 'NotFound';
  readonly code = 'not-found';
  readonly what: string;
  readonly id: string | undefined;

  constructor(what: string, id?: string) {
    super(id === undefined ? `there is no such ${what}` : `there is no ${what} ${JSON.stringify(id)}`);
    this.what = what;
    this.id = id;
  }
}

/** Ends a switch: a missing case does not compile. */
export function unhandled(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
