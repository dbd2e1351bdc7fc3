/** The expression cannot be parsed. */
export class RegexInvalid extends SyntaxError {
  override readonly name = 'RegexInvalid';

  constructor(source: string, reason: string) {
    super(`The regular expression ${shown(source)} is not valid: ${reason}.`);
  }
}

/** The expression is valid, but would block the node for too long. */
export class RegexTooExpensive extends Error {
  override readonly name = 'RegexTooExpensive';

  constructor(source: string, reason: string) {
    super(`The regular expression ${shown(source)} is too expensive: ${reason}.`);
  }
}

const SHOWN = 200;

const shown = (source: string): string =>
  JSON.stringify(source.length > SHOWN ? `${source.slice(0, SHOWN)}…` : source);
