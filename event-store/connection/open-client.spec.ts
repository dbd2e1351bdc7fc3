import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { clientParts } from './client-parts.ts';
import { openClient } from './open-client.ts';

let server: Server;
let attempts: number;

beforeEach(async () => {
  attempts = 0;
  server = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
});

it('the event store client tries about every second to connect to an unavailable server', async () => {
  const { port } = server.address() as AddressInfo;
  // With TLS, since a plain connection that ends at once has been a connection.
  const client = openClient(`esdb://127.0.0.1:${port}?tls=true`);
  const channel = await clientParts(client).getChannel();
  try {
    // By default, the eighth attempt comes after 43 s.
    await eventually(() => {
      channel.getConnectivityState(true);
      expect(attempts).toBeGreaterThanOrEqual(8);
    }, 15_000);
  } finally {
    channel.close();
  }
}, 20_000);
