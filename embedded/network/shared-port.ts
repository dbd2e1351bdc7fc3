import { createServer, type Server, type Socket } from 'node:net';

/** How every HTTP/2 connection begins. */
const PREFACE = 'PRI';

export interface Takers {
  http2(socket: Socket): void;
  http1(socket: Socket): void;
}

/** How long a connection may take to show what it is. */
const TIMEOUT_MS = 10_000;

/**
 * One port for two protocols: looks at the first bytes of a connection, puts them back, and hands the socket on.
 * From then on the socket is the other server's alone, so that it costs nothing.
 */
export function createSharedPort(takers: Takers): Server {
  // Unread until somebody took it, or its first bytes would be lost.
  return createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    const giveUp = () => socket.destroy();
    socket.setTimeout(TIMEOUT_MS, giveUp);
    socket.on('error', giveUp);
    let first = Buffer.alloc(0);
    const look = () => {
      const more: Buffer | null = socket.read();
      // Kept here meanwhile: put back into a socket that has ended they would be readable, and undecided, for ever.
      if (more !== null) first = Buffer.concat([first, more]);
      if (first.length < PREFACE.length && PREFACE.startsWith(first.toString('latin1'))) {
        socket.once('readable', look);
        return;
      }
      socket.setTimeout(0);
      socket.removeListener('timeout', giveUp);
      socket.removeListener('error', giveUp);
      socket.unshift(first);
      if (first.toString('latin1', 0, PREFACE.length) === PREFACE) takers.http2(socket);
      else takers.http1(socket);
    };
    socket.once('readable', look);
  });
}
