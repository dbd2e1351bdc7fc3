/** A command that the state forbids, with a reason a machine can read and the data a person needs. */
export abstract class DomainError extends Error {
  /** Stable and kebab-case: it becomes the `type` of the HTTP problem. */
  abstract readonly code: string;
}

/** The thing that a command is about was never created; `id` is absent where the command does not name it. */
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

/** `never` at the end of a switch: a new case that nobody handles does not compile. */
export function unhandled(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
