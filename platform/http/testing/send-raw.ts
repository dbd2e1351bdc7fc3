import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Sent {
  readonly socket: Socket;
  /** All that was heard until the connection was closed. */
  readonly answer: Promise<string>;
}

/** Sends this text as it stands over a connection of its own, which is put among `sockets`: whoever asks closes it. */
export async function sendRaw(port: number, text: string, sockets: Socket[]): Promise<Sent> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  sockets.push(socket);
  let heard = '';
  socket.on('data', (piece) => {
    heard += piece;
  });
  const answer = once(socket, 'close').then(() => heard);
  await once(socket, 'connect');
  socket.write(text);
  return { socket, answer };
}
