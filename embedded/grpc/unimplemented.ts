import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js';
import projectionsService from '@eventstore/db-client/generated/projections_grpc_pb.js';
import sharedMessages from '@eventstore/db-client/generated/shared_pb.js';
import usersService from '@eventstore/db-client/generated/users_grpc_pb.js';
import grpc, {
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { whenReceived } from './calls/when-received.ts';
import type { ScavengeCalls } from './operations/scavenge-calls.ts';

const refusal = (sentence: string) => ({ code: grpc.status.UNIMPLEMENTED, details: sentence });

/** Refuses every method of a service, whichever way it streams. */
function refuseAll(service: ServiceDefinition, sentence: string): UntypedServiceImplementation {
  const refuse = (call: { emit(name: string, error: unknown): void }, answer?: sendUnaryData<unknown>) => {
    if (answer) answer(refusal(sentence));
    else call.emit('error', refusal(sentence));
  };
  return Object.fromEntries(Object.keys(service).map((method) => [method, refuse]));
}

export interface Operations extends ScavengeCalls {
  /** Ends the node; called after the client has received the answer. */
  shutDown(): void;
  restartPersistentSubscriptions(): Promise<void> | void;
}

function operations(can: Operations): UntypedServiceImplementation {
  return {
    ...refuseAll(
      operationsService.OperationsService,
      'The embedded node has no indexes to merge and no cluster to resign from.',
    ),
    startScavenge: can.startScavenge,
    stopScavenge: can.stopScavenge,
    shutdown: (call: object, answer: sendUnaryData<sharedMessages.Empty>) => {
      whenReceived(call, () => can.shutDown());
      answer(null, new sharedMessages.Empty());
    },
    restartPersistentSubscriptions: (_: unknown, answer: sendUnaryData<sharedMessages.Empty>) => {
      Promise.resolve(can.restartPersistentSubscriptions()).then(
        () => answer(null, new sharedMessages.Empty()),
        (error) => answer({ code: grpc.status.INTERNAL, details: String(error) }),
      );
    },
  };
}

/** The services that are left out, each with a sentence that says so, and the operations that are served. */
export const unimplementedServices = (
  can: Operations,
): readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[] => [
  [operationsService.OperationsService, operations(can)],
  [
    projectionsService.ProjectionsService,
    refuseAll(projectionsService.ProjectionsService, 'The embedded node has no projections.'),
  ],
  [
    usersService.UsersService,
    refuseAll(
      usersService.UsersService,
      'The embedded node has no users: whoever reaches it may do everything.',
    ),
  ],
];
