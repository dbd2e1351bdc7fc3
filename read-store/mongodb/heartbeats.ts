import type { MongoClient } from 'mongodb';
import { pause } from '../../platform/async/backoff.ts';

const BETWEEN_TRIES_MS = 500;
const CLOSING_MS = 5_000;

/**
 * Connects anew when a heartbeat neither comes back nor fails. A command that the driver (7.9) writes to a socket already
 * destroyed, of which it has not been told yet, waits for ever. When that command is a heartbeat no other follows it, and the
 * server stays unknown to this process however well it is. Returns what stops the watch.
 */
export function watchHeartbeats(client: MongoClient, warn: (message: string) => void): () => void {
  const { connectTimeoutMS, heartbeatFrequencyMS } = client.options;
  // A connection and its greeting, or an answer that the server may hold back until the next heartbeat is due.
  const limitMs = 2 * connectTimeoutMS + heartbeatFrequencyMS;
  const underWay = new Map<string, NodeJS.Timeout>();
  let isStopped = false;

  const ended = ({ connectionId }: { connectionId: string }) => {
    clearTimeout(underWay.get(connectionId));
    underWay.delete(connectionId);
  };
  const endAll = () => {
    for (const connectionId of underWay.keys()) ended({ connectionId });
  };
  const connectAnew = async (server: string) => {
    warn(`a heartbeat of MongoDB at ${server} got lost: connecting anew`);
    endAll();
    // Closing says goodbye to a member that is known, which may get lost as well.
    await Promise.race([client.close().catch(() => undefined), pause(CLOSING_MS, undefined, { ref: false })]);
    while (!isStopped) {
      const isConnected = await client.connect().then(
        () => true,
        () => false,
      );
      if (isConnected) break;
      await pause(BETWEEN_TRIES_MS, undefined, { ref: false });
    }
    // Whoever stopped the watch closed the client, which a connection that came later would leave open.
    if (isStopped) await client.close();
  };

  client.on('serverHeartbeatStarted', ({ connectionId }) => {
    ended({ connectionId });
    // Without a limit for connecting there is none for a heartbeat either.
    if (connectTimeoutMS === 0 || isStopped) return;
    const timer = setTimeout(() => {
      // A process that was stopped meanwhile reads the answer first.
      setImmediate(() => {
        if (underWay.get(connectionId) === timer) connectAnew(connectionId);
      });
    }, limitMs).unref();
    underWay.set(connectionId, timer);
  });
  client.on('serverHeartbeatSucceeded', ended);
  client.on('serverHeartbeatFailed', ended);
  client.on('serverClosed', ({ address }) => ended({ connectionId: address }));
  return () => {
    isStopped = true;
    endAll();
  };
}
