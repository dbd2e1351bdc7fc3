/** The state forbids a command. `data` describes the rejection. */
export abstract class DomainError<Data extends object = object> extends Error {
  /** Stable, in kebab-case: the `type` of the HTTP problem. */
  abstract readonly code: string;
  readonly data: Data;

  constructor(message: string, data: Data) {
    super(message);
    this.data = data;
  }
}

/** The subject of a command does not exist; `id` is absent when the command does not name it. */
export class NotFound extends DomainError<{ readonly what: string; readonly id: string | undefined }> {
  override readonly name = 'NotFound';
  readonly code = 'not-found';

  constructor(what: string, id?: string) {
    super(id === undefined ? `there is no such ${what}` : `there is no ${what} ${JSON.stringify(id)}`, {
      what,
      id,
    });
  }
}

/** Ends a switch: a missing case does not compile. */
export function unhandled(value: never): never {
  throw new TypeError(`unhandled case: ${JSON.stringify(value)}`);
}
