import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends a request line unchanged, as no HTTP client does, and returns the status of the response. */
export async function rawStatus(
  baseUrl: string,
  requestLine: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<number> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const fields = Object.entries({
    host: hostname,
    connection: 'close',
    ...(body !== '' && { 'content-length': String(Buffer.byteLength(body, 'latin1')) }),
    ...headers,
  });
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`${requestLine} HTTP/1.1\r\n${head}\r\n${body}`, 'latin1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (text) => {
    answer += text;
  });
  await once(socket, 'close');
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  if (status === undefined) throw new Error(`no HTTP answer to "${requestLine}": ${JSON.stringify(answer)}`);
  return Number(status);
}
