/** A body that is JSON already: what lies as text need not be read and written again to be sent. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** As it is to be sent. */
export const jsonOf = (body: unknown): string =>
  body instanceof JsonText ? body.text : JSON.stringify(body);
