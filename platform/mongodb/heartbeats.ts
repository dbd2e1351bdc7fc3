import type { MongoClient } from 'mongodb';
import { pause } from '../async/backoff.ts';

const BETWEEN_TRIES_MS = 500;
const CLOSING_MS = 5_000;

/**
 * Reconnects when a heartbeat neither succeeds nor fails. A command that the driver (7.9) writes to a destroyed socket before
 * it learns of the destruction waits forever. When this command is a heartbeat, no other follows, and the driver never sees
 * that the server is healthy. Returns a function that stops the watch.
 */
export function watchHeartbeats(client: MongoClient, warn: (message: string) => void): () => void {
  const { connectTimeoutMS, heartbeatFrequencyMS } = client.options;
  // Time for the connection and its handshake, or for a response that the server may delay until the next heartbeat.
  const limitMs = 2 * connectTimeoutMS + heartbeatFrequencyMS;
  const inFlight = new Map<string, NodeJS.Timeout>();
  let isStopped = false;

  const ended = ({ connectionId }: { connectionId: string }) => {
    clearTimeout(inFlight.get(connectionId));
    inFlight.delete(connectionId);
  };
  const endAll = () => {
    for (const connectionId of inFlight.keys()) ended({ connectionId });
  };
  const reconnect = async (server: string) => {
    warn(`a heartbeat of MongoDB at ${server} got lost: reconnecting`);
    endAll();
    // Closing sends a message to known members, which may get lost as well.
    await Promise.race([client.close().catch(() => undefined), pause(CLOSING_MS, undefined, { ref: false })]);
    while (!isStopped) {
      const isConnected = await client.connect().then(
        () => true,
        () => false,
      );
      if (isConnected) break;
      await pause(BETWEEN_TRIES_MS, undefined, { ref: false });
    }
    // The watch was stopped and the client closed: close the connection that was opened since.
    if (isStopped) await client.close();
  };

  client.on('serverHeartbeatStarted', ({ connectionId }) => {
    ended({ connectionId });
    // Without a connection timeout, heartbeats have none either.
    if (connectTimeoutMS === 0 || isStopped) return;
    const timer = setTimeout(() => {
      // A process that was suspended reads the response first.
      setImmediate(() => {
        if (inFlight.get(connectionId) === timer) reconnect(connectionId);
      });
    }, limitMs).unref();
    inFlight.set(connectionId, timer);
  });
  client.on('serverHeartbeatSucceeded', ended);
  client.on('serverHeartbeatFailed', ended);
  client.on('serverClosed', ({ address }) => ended({ connectionId: address }));
  return () => {
    isStopped = true;
    endAll();
  };
}
