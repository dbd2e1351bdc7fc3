import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp | Buffer>;

/** The common part of all kinds of streaming calls. */
interface Call<Message> {
  readonly cancelled: boolean;
  readonly destroyed: boolean;
  readonly writableEnded: boolean;
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  write(message: Message | Buffer, written?: () => void): boolean;
  end(): void;
  emit(event: 'error', error: Error): boolean;
  on(event: 'drain' | 'cancelled' | 'close' | 'error', listener: () => void): unknown;
}

const MAX_UNREAD_MESSAGES = 1024;
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** The responses of one streaming call. Detects that the client has disconnected or reads too slowly. */
export class ResponseStream<Message = streams.ReadResp> {
  readonly #call: Call<Message>;
  #bytes = 0;
  readonly #waiting = new Set<() => void>();

  constructor(call: Call<Message>) {
    this.#call = call;
    const wake = () => {
      for (const resume of this.#waiting) resume();
      this.#waiting.clear();
    };
    call.on('drain', wake);
    call.on('cancelled', wake);
    call.on('close', wake);
    call.on('error', wake);
  }

  get isClosed(): boolean {
    return this.#call.cancelled || this.#call.destroyed || this.#call.writableEnded;
  }

  /** The client has left more responses unread than the node keeps for one client. */
  get isBackedUp(): boolean {
    return this.#call.writableLength >= MAX_UNREAD_MESSAGES || this.#bytes >= MAX_UNREAD_BYTES;
  }

  write(message: Message | Buffer): void {
    if (this.isClosed) return;
    if (!Buffer.isBuffer(message)) {
      this.#call.write(message);
      return;
    }
    const size = message.length;
    this.#bytes += size;
    this.#call.write(message, () => {
      this.#bytes -= size;
    });
  }

  /** Resolves when the client has read the responses, or has disconnected. */
  async drained(): Promise<void> {
    if (!this.#call.writableNeedDrain || this.isClosed) return;
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  end(): void {
    if (!this.isClosed) this.#call.end();
  }

  fail(error: Error): void {
    if (!this.isClosed) this.#call.emit('error', error);
  }
}
