const MAX_SINGLE_BYTE = 0x7f;

/**
 * Writes protobuf from the end to the beginning, so that the length of a nested message is known before it is written.
 * Supports only the field types that `encode-responses.ts` needs.
 */
export class ProtobufWriter {
  readonly #buffer: Buffer;
  #at: number;

  /** @param capacity maximum number of bytes that will be written */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#at = capacity;
  }

  /** The current offset. Pass it to `closeMessage` after the message's fields are written. */
  get mark(): number {
    return this.#at;
  }

  /** Writes an unsigned number or a length. */
  varint(value: number): void {
    if (value <= MAX_SINGLE_BYTE) {
      this.#at -= 1;
      this.#buffer[this.#at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest > MAX_SINGLE_BYTE; rest = Math.floor(rest / 128)) size += 1;
    this.#at -= size;
    let rest = value;
    for (let i = 0; i < size - 1; i++) {
      this.#buffer[this.#at + i] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at + size - 1] = rest;
  }

  /** Writes bytes without length and tag. */
  raw(bytes: Uint8Array): void {
    this.#at -= bytes.length;
    this.#buffer.set(bytes, this.#at);
  }

  /** @param tag the field's number and wire type, in one byte */
  bytes(tag: number, bytes: Uint8Array): void {
    this.raw(bytes);
    this.varint(bytes.length);
    this.#tag(tag);
  }

  text(tag: number, text: string): void {
    const size = Buffer.byteLength(text);
    this.#at -= size;
    this.#buffer.write(text, this.#at);
    this.varint(size);
    this.#tag(tag);
  }

  number(tag: number, value: number): void {
    this.varint(value);
    this.#tag(tag);
  }

  /** Writes length and tag of the nested message whose fields were written since `mark`. */
  closeMessage(tag: number, mark: number): void {
    this.varint(mark - this.#at);
    this.#tag(tag);
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #tag(tag: number): void {
    this.#at -= 1;
    this.#buffer[this.#at] = tag;
  }
}
