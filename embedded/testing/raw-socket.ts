import { connect } from 'node:net';

const FRAME_HEADER_BYTES = 9;
const GOAWAY = 7;

/**
 * All that comes back until the server closes, or says in HTTP/2 that it will hear no more: Node waits for ever then when
 * the client had ended before. It is told after the last part that no more bytes will come.
 */
export function sent(port: number, ...parts: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    let connected = false;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      connected = true;
    });
    socket.on('data', (more) => {
      text += more;
      if (saysGoAway(text)) socket.destroy();
    });
    // Reset while there is something to be read: what came before it stands. Not so when nobody listens any more.
    socket.on('error', (error) => {
      if (!connected) reject(error);
    });
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
    socket.end();
  });
}

function saysGoAway(text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    if (bytes[at + 3] === GOAWAY) return true;
    at += FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3);
  }
  return false;
}

/** The status codes in what an HTTP/1.1 server sent. */
export const codesIn = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code));
