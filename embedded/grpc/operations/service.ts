import services from '@eventstore/db-client/generated/operations_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js';
import { unary } from '../calls/unary.ts';
import { whenReceived } from '../calls/when-received.ts';
import { toGrpcError } from '../messages/errors.ts';
import { rejectAllMethods } from '../unimplemented.ts';
import type { ScavengeCalls } from './scavenge-calls.ts';

export interface Operations extends ScavengeCalls {
  /** Stops the node; called after the client has received the response. */
  shutDown(): void;
  restartPersistentSubscriptions(): Promise<void> | void;
}

export const { OperationsService: operationsService } = services;

/** Creates the `Operations` service: scavenges, shutdown, and the restart of persistent subscriptions. */
export function createOperations(operations: Operations): UntypedServiceImplementation {
  return {
    ...rejectAllMethods(
      operationsService,
      'The embedded node has no indexes to merge and no cluster to resign from.',
    ),
    startScavenge: operations.startScavenge,
    stopScavenge: operations.stopScavenge,
    shutdown: (call: object, callback: sendUnaryData<shared.Empty>) => {
      whenReceived(call, () => operations.shutDown());
      callback(null, new shared.Empty());
    },
    restartPersistentSubscriptions: unary(async () => {
      await operations.restartPersistentSubscriptions();
      return new shared.Empty();
    }, toGrpcError),
  };
}
