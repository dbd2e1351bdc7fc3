import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Sent {
  readonly socket: Socket;
  /** Everything that the server sends until the connection closes. */
  readonly answer: Promise<string>;
}

/** Sends a text unchanged over a new connection and adds its socket to `sockets`, which the caller closes. */
export async function sendRaw(port: number, text: string, sockets: Socket[]): Promise<Sent> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  sockets.push(socket);
  let received = '';
  socket.on('data', (piece) => {
    received += piece;
  });
  const answer = once(socket, 'close').then(() => received);
  await once(socket, 'connect');
  socket.write(text);
  return { socket, answer };
}
