import { createServer, type Server, type Socket } from 'node:net';

/** Every HTTP/2 connection begins with these characters. */
const PREFACE = 'PRI';

export interface ProtocolServers {
  http2(socket: Socket): void;
  http1(socket: Socket): void;
}

/** Time within which a connection must show its protocol. */
const TIMEOUT_MS = 10_000;

/**
 * Creates a server that accepts HTTP/1.1 and HTTP/2 on one port. It reads the first bytes of a connection, puts them back,
 * and passes the socket to the server of that protocol.
 */
export function createSharedPort(servers: ProtocolServers): Server {
  // Listen for `readable` rather than `data`, which would take the first bytes away from the protocol's server.
  return createServer({ pauseOnConnect: false, noDelay: true }, (socket) => {
    const giveUp = () => socket.destroy();
    socket.setTimeout(TIMEOUT_MS, giveUp);
    socket.on('error', giveUp);
    let first = Buffer.alloc(0);
    const look = () => {
      const more: Buffer | null = socket.read();
      // Keep the bytes here: put back into a socket that has ended, they would make it readable again and again.
      if (more !== null) first = Buffer.concat([first, more]);
      if (first.length < PREFACE.length && PREFACE.startsWith(first.toString('latin1'))) {
        socket.once('readable', look);
        return;
      }
      socket.setTimeout(0);
      socket.removeListener('timeout', giveUp);
      socket.removeListener('error', giveUp);
      socket.unshift(first);
      if (first.toString('latin1', 0, PREFACE.length) === PREFACE) servers.http2(socket);
      else servers.http1(socket);
    };
    socket.once('readable', look);
  });
}
