import { EventStoreDBClient } from '@eventstore/db-client';
import { Channel, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { clientParts } from './client-parts.ts';

/**
 * Backoff between two attempts to connect. By default gRPC waits up to two minutes, and all channels of a process to one
 * address share this wait, so a new client would not connect sooner.
 */
const RECONNECT: ChannelOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
};

/** The internal state of a channel that a second channel to the same place needs. */
interface ChannelParts {
  readonly internalChannel: { readonly credentials: ChannelCredentials; readonly options: ChannelOptions };
}

/**
 * Creates a client that retries about every second to connect to an unavailable server. The client takes no channel
 * options, so each channel that it creates is replaced before its first use.
 */
export function openClient(connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  const parts = clientParts(client);
  const create = parts.createChannel;
  parts.createChannel = async () => {
    const made = await create();
    const { credentials, options } = (made as unknown as ChannelParts).internalChannel;
    made.close();
    return new Channel(made.getTarget(), credentials, { ...options, ...RECONNECT });
  };
  return client;
}
