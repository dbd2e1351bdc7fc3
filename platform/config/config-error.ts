/** A variable or an option has a bad value; `value` is without secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly setting: string;
  readonly value: string;
  readonly allowed: string;

  constructor(setting: string, value: string, allowed: string) {
    super(`${setting} is ${value}; allowed: ${allowed}`);
    this.setting = setting;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Several variables have bad values; the message has a line for each. */
export class ConfigErrors extends Error {
  override readonly name = 'ConfigErrors';

  constructor(errors: readonly ConfigError[]) {
    super(errors.map(({ message }) => message).join('\n'));
  }
}
