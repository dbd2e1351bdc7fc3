import type { ServerHttp2Session } from 'node:http2';
import { http2StreamOf } from './http2-stream.ts';

/** A client that does not confirm within this time is not waited for. */
const MAX_WAIT_MS = 1_000;

/**
 * Calls back once the client has received the answer of a call, or is gone. A ping sent behind the answer tells: its
 * acknowledgement comes only after the client has read everything before it.
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
