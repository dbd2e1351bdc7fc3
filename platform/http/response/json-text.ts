/** A body that is JSON already, as text or bytes; it is sent without parsing and serializing it again. */
export class JsonText {
  readonly text: string | Buffer;

  constructor(text: string | Buffer) {
    this.text = text;
  }
}

/** Serializes a body. */
export const jsonOf = (body: unknown): string | Buffer =>
  body instanceof JsonText ? body.text : JSON.stringify(body);

/** Returns JSON that writes a `bigint` as an integer with all its digits; `JSON.stringify` would throw. */
export function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${exactJson(field)}`).join(',')}}`;
}
