import { connect } from 'node:net';

const FRAME_HEADER_BYTES = 9;
const GOAWAY = 7;

/**
 * Sends the parts and half-closes the connection. Returns the received bytes when the server closes the connection or sends
 * GOAWAY, after which Node would wait for the client.
 */
export function responseTo(port: number, ...parts: readonly Uint8Array[]): Promise<string> {
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
      if (hasGoAway(text)) socket.destroy();
    });
    // After a reset, the bytes received before it count. A failed connection is an error.
    socket.on('error', (error) => {
      if (!connected) reject(error);
    });
    socket.on('close', () => resolve(text));
    for (const part of parts) socket.write(part);
    socket.end();
  });
}

function hasGoAway(text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    if (bytes[at + 3] === GOAWAY) return true;
    at += FRAME_HEADER_BYTES + bytes.readUIntBE(at, 3);
  }
  return false;
}

/** Returns the status codes in the bytes of an HTTP/1.1 server. */
export const codesIn = (text: string): number[] =>
  [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code));
