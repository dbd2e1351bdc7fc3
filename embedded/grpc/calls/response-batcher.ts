import type { ServerHttp2Stream } from 'node:http2';
import grpc from '@grpc/grpc-js';
import { http2StreamOf } from './http2-stream.ts';

const HEADER_BYTES = 5;
/** More than this untaken by a client, and it is not read from until it takes some. */
const MAX_UNREAD_BYTES = 1024 * 1024;

interface Call {
  readonly cancelled: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableLength: number;
  write(message: Buffer): boolean;
  sendMetadata(metadata: grpc.Metadata): void;
  on(event: 'drain', listener: () => void): unknown;
}

/**
 * The answers of one call, those of one turn written together. The gRPC library writes one message at a time and waits
 * for each, which with many small answers costs more than all else; so they go to its HTTP/2 stream in one piece, framed
 * here. Where the library does not show that stream, they go through it one by one.
 */
export class ResponseBatcher {
  readonly #call: Call;
  readonly #stream: ServerHttp2Stream | undefined;
  readonly #drained: () => void;
  #waiting: Buffer[] = [];
  #begun = false;

  /** @param drained called whenever the client has taken what was untaken */
  constructor(call: Call, drained: () => void) {
    this.#call = call;
    this.#drained = drained;
    this.#stream = http2StreamOf(call);
    (this.#stream ?? call).on('drain', drained);
  }

  get isFull(): boolean {
    return (this.#stream ?? this.#call).writableLength >= MAX_UNREAD_BYTES;
  }

  write(message: Buffer): void {
    this.#waiting.push(message);
    if (this.#waiting.length === 1) process.nextTick(() => this.flush());
  }

  /** Before the call is ended. */
  flush(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    if (messages.length === 0 || this.#isClosed) return;
    const stream = this.#stream;
    if (stream === undefined) for (const message of messages) this.#call.write(message);
    else {
      if (!this.#begun) this.#call.sendMetadata(new grpc.Metadata());
      this.#begun = true;
      if (stream.write(framed(messages))) this.#drained();
    }
  }

  get #isClosed(): boolean {
    return (
      this.#call.cancelled || this.#call.destroyed || this.#call.writableEnded || !!this.#stream?.destroyed
    );
  }
}

/** Each message as gRPC has it on the wire: not compressed, its length, itself. */
function framed(messages: readonly Buffer[]): Buffer {
  const size = messages.reduce((sum, { length }) => sum + HEADER_BYTES + length, 0);
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const message of messages) {
    frames[at] = 0;
    frames.writeUInt32BE(message.length, at + 1);
    frames.set(message, at + HEADER_BYTES);
    at += HEADER_BYTES + message.length;
  }
  return frames;
}
