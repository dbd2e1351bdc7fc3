/** An error in the input. `path` is a path in the input such as `items.0.quantity`, empty for the whole. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/** An error that becomes a problem by the table in `problems.ts`. Its name is that of its class. */
abstract class HttpError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

export class Unauthorized extends HttpError {}

export class Forbidden extends HttpError {}

/** The path, the query or a header is not valid. */
export class InvalidRequest extends HttpError {
  readonly part: 'path' | 'query' | 'header';
  readonly errors: readonly InputError[];

  constructor(part: 'path' | 'query' | 'header', errors: readonly InputError[]) {
    super(`the ${part} is not valid: ${errors.map(sentence).join('; ')}`);
    this.part = part;
    this.errors = errors;
  }
}

/** The body is JSON, but does not match the schema, or the command cannot be carried out with it. */
export class InvalidBody extends HttpError {
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    super(
      `the body is not valid: ${errors.slice(0, 3).map(sentence).join('; ')}${errors.length > 3 ? '; …' : ''}`,
    );
    this.errors = errors;
  }
}

export class NotJson extends HttpError {}

/** Maximum length of a path in an error. */
const MAX_PARTS = 20;
const MAX_PART_LENGTH = 80;

/** Returns a path in a body, shortened for an error. */
export function shownPath(path: readonly (string | number)[]): string {
  const parts = path.map((part) => String(part).slice(0, MAX_PART_LENGTH));
  return (parts.length > MAX_PARTS ? ['…', ...parts.slice(-MAX_PARTS)] : parts).join('.');
}

/** A name appears twice in one object, so its meaning is undefined (RFC 8259, 4). */
export class RepeatedName extends HttpError {
  readonly errors: readonly InputError[];

  constructor(path: readonly (string | number)[]) {
    super(
      `the body has ${JSON.stringify(String(path.at(-1)).slice(0, MAX_PART_LENGTH))} twice in one object`,
    );
    this.errors = [{ path: shownPath(path), message: 'is given twice in one object' }];
  }
}

export class UnsupportedMediaType extends HttpError {}

export class BodyTooLarge extends HttpError {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`a body is at most ${limitBytes} bytes`);
    this.limitBytes = limitBytes;
  }
}

export class NoSuchPath extends HttpError {}

export class MethodNotAllowed extends HttpError {
  readonly allowed: readonly string[];

  constructor(method: string, allowed: readonly string[]) {
    super(`${method} is not supported here; allowed: ${allowed.join(', ')}`);
    this.allowed = allowed;
  }
}

/** The resource does not exist, or the caller may not know that it exists. */
export class ResourceNotFound extends HttpError {
  readonly what: string;

  constructor(what: string, id: string) {
    super(`there is no ${what} ${JSON.stringify(id)}`);
    this.what = what;
  }
}

export class TooManyRequests extends HttpError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'too many requests') {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A dependency of the request is unavailable. */
export class Unavailable extends HttpError {
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds = 1) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server is overloaded; the request was not processed. */
export class Overloaded extends HttpError {
  constructor() {
    super('the server is overloaded; the request was not processed: retry after the time in Retry-After');
  }
}

const sentence = ({ path, message }: InputError) => (path === '' ? message : `${path}: ${message}`);
