import type { ServerHttp2Stream } from 'node:http2';
import grpc from '@grpc/grpc-js';
import { http2StreamOf } from './http2-stream.ts';

const HEADER_BYTES = 5;
/** With more unread bytes than this, no requests are read from the client. */
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
 * Writes the responses that one call produces in one turn of the event loop together. The gRPC library writes each message
 * separately, which is the largest cost of many small responses. So this writes them to the HTTP/2 stream itself, if it is
 * accessible.
 */
export class ResponseBatcher {
  readonly #call: Call;
  readonly #stream: ServerHttp2Stream | undefined;
  readonly #drained: () => void;
  #waiting: Buffer[] = [];
  #hasSentHeaders = false;

  /** @param drained called when the client has read the unread responses */
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

  /** Writes the waiting responses; call before the call is ended. */
  flush(): void {
    const messages = this.#waiting;
    this.#waiting = [];
    if (messages.length === 0 || this.#isClosed) return;
    const stream = this.#stream;
    if (stream === undefined) for (const message of messages) this.#call.write(message);
    else {
      if (!this.#hasSentHeaders) this.#call.sendMetadata(new grpc.Metadata());
      this.#hasSentHeaders = true;
      if (stream.write(toFrames(messages))) this.#drained();
    }
  }

  get #isClosed(): boolean {
    return (
      this.#call.cancelled || this.#call.destroyed || this.#call.writableEnded || !!this.#stream?.destroyed
    );
  }
}

/** Returns the messages as gRPC frames: a flag for "not compressed", the length, the message. */
function toFrames(messages: readonly Buffer[]): Buffer {
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
