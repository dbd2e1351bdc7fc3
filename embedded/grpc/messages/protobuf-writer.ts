const LARGEST_SMALL = 0x7f;

/**
 * Writes protobuf from the end to the beginning, so that a nested message's length is known when it is due.
 * Knows just what the messages of `encode.ts` need.
 */
export class ProtobufWriter {
  readonly #buffer: Buffer;
  #at: number;

  /** @param capacity bytes, at least as many as will be written */
  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafe(capacity);
    this.#at = capacity;
  }

  /** Where the writer is; hand it to `closeMessage` once the message's fields are written. */
  get mark(): number {
    return this.#at;
  }

  /** An unsigned number, as it is or as a message's or text's length. */
  varint(value: number): void {
    if (value <= LARGEST_SMALL) {
      this.#at -= 1;
      this.#buffer[this.#at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest > LARGEST_SMALL; rest = Math.floor(rest / 128)) size += 1;
    this.#at -= size;
    let rest = value;
    for (let i = 0; i < size - 1; i++) {
      this.#buffer[this.#at + i] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#at + size - 1] = rest;
  }

  /** Bytes that are protobuf already, or that a length and a tag will follow (that is: precede). */
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

  /** Ends (that is: begins) a nested message whose fields were written since `mark`. */
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
