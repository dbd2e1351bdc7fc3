import type { BaseOptions, EventStoreDBClient } from '@eventstore/db-client';
import type { CallOptions, Channel, Client, Metadata } from '@grpc/grpc-js';

/** The internal methods of the client that create its channel and give access to a generated service over it. */
export interface ClientParts {
  createChannel: () => Promise<Channel>;
  readonly execute: <Service extends Client, Result>(
    service: new (...args: never[]) => Service,
    name: string,
    action: (client: Service) => Promise<Result>,
  ) => Promise<Result>;
  readonly getChannel: () => Promise<Channel>;
  readonly callArguments: (options: BaseOptions) => [Metadata, CallOptions];
}

export const clientParts = (client: EventStoreDBClient): ClientParts => client as unknown as ClientParts;
