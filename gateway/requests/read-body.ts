import type { IncomingMessage } from 'node:http';
import { CallerQuota } from '../../platform/http/limits/caller-quota.ts';
import { bodyLimitBytes } from '../../platform/http/request/read-json-body.ts';
import { BodyTooLarge, Overloaded } from '../../platform/http/response/errors.ts';

/** The client closed the connection before its body was complete. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

const SMALL_BYTES = 64 * 1024;

/** Reads the bodies of requests: as many at a time as the memory holds, and not all of one client. */
export class BodyReader {
  readonly #large = new CallerQuota({ max: 64, maxPerCaller: 8 });
  readonly #small = new CallerQuota({ max: 4_000, maxPerCaller: 1_000 });

  /**
   * Returns the whole body; undefined when there is none. A body is forwarded only once it is complete: an upload that the
   * client aborts never reaches an API, a slow one occupies none, and a request can be sent again. Throws `BodyTooLarge`,
   * `Overloaded` or `ClientGone`.
   */
  async read(request: IncomingMessage, client: string): Promise<Buffer | undefined> {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (encoding === undefined && (length === undefined || Number(length) === 0)) return undefined;
    if (Number(length) > bodyLimitBytes) throw new BodyTooLarge(bodyLimitBytes);
    const quota = Number(length) <= SMALL_BYTES ? this.#small : this.#large;
    if (quota.enter(client) !== undefined) throw new Overloaded();
    try {
      return await collect(request);
    } finally {
      quota.leave(client);
    }
  }
}

/** Without a promise for each piece: most bodies are one. */
const collect = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const end = () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= bodyLimitBytes) pieces.push(piece);
      else reject(new BodyTooLarge(bodyLimitBytes));
    });
    request.once('end', end);
    const gone = () => {
      // Every request closes; an error for each would cost its stack trace.
      if (!request.readableEnded) reject(new ClientGone('the client closed the connection'));
    };
    request.once('error', gone).once('close', gone);
  });
