/** The expression cannot be read. */
export class RegexInvalid extends SyntaxError {
  override readonly name = 'RegexInvalid';

  constructor(source: string, reason: string) {
    super(`The regular expression ${shown(source)} is not valid: ${reason}.`);
  }
}

/** The expression can be read, but needs more work than a node that serves others can do. */
export class RegexTooExpensive extends Error {
  override readonly name = 'RegexTooExpensive';

  constructor(source: string, reason: string) {
    super(`The regular expression ${shown(source)} is too expensive: ${reason}.`);
  }
}

const SHOWN = 200;

const shown = (source: string): string =>
  JSON.stringify(source.length > SHOWN ? `${source.slice(0, SHOWN)}…` : source);
