/** A body that is JSON already: what lies as text, or as its bytes, need not be read and written again to be sent. */
export class JsonText {
  readonly text: string | Buffer;

  constructor(text: string | Buffer) {
    this.text = text;
  }
}

/** As it is to be sent. */
export const jsonOf = (body: unknown): string | Buffer =>
  body instanceof JsonText ? body.text : JSON.stringify(body);
