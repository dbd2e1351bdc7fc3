/** The expression cannot be parsed. */
export class RegexInvalid extends SyntaxError {
  override readonly name = 'RegexInvalid';

  constructor(source: string, reason: string) {
    super(`The regular expression ${quote(source)} is not valid: ${reason}.`);
  }
}

/** The expression is valid, but would block the node for too long. */
export class RegexTooExpensive extends Error {
  override readonly name = 'RegexTooExpensive';

  constructor(source: string, reason: string) {
    super(`The regular expression ${quote(source)} is too expensive: ${reason}.`);
  }
}

const MAX_SHOWN = 200;

const quote = (source: string): string =>
  JSON.stringify(source.length > MAX_SHOWN ? `${source.slice(0, MAX_SHOWN)}…` : source);
