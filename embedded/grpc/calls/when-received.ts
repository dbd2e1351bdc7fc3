import type { ServerHttp2Session } from 'node:http2';
import { http2StreamOf } from './http2-stream.ts';

/** Maximum time to wait for the acknowledgement of a client, in ms. */
const MAX_WAIT_MS = 1_000;

/**
 * Calls back after the client has received the response of a call, or has disconnected. Sends a ping after the response:
 * the client acknowledges it only after it has read everything before.
 */
export function whenReceived(call: object, callback: () => void): void {
  const stream = http2StreamOf(call);
  const session = stream?.session;
  if (stream === undefined || session === undefined || stream.destroyed) {
    setImmediate(callback);
    return;
  }
  stream.once('close', () => whenRead(session as ServerHttp2Session, callback));
}

function whenRead(session: ServerHttp2Session, callback: () => void): void {
  let isDone = false;
  const done = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    callback();
  };
  const timer = setTimeout(done, MAX_WAIT_MS);
  session.once('close', done);
  if (session.destroyed || !session.ping(done)) done();
}
