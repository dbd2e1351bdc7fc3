import projectionsService from '@eventstore/db-client/generated/projections_grpc_pb.js';
import usersService from '@eventstore/db-client/generated/users_grpc_pb.js';
import grpc, {
  type ServiceDefinition,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** Rejects every method of a service with `UNIMPLEMENTED` and a sentence, unary or streaming. */
export function rejectAllMethods(service: ServiceDefinition, sentence: string): UntypedServiceImplementation {
  const error = { code: grpc.status.UNIMPLEMENTED, details: sentence };
  const reject = (call: { emit(name: string, error: unknown): void }, callback?: sendUnaryData<unknown>) => {
    if (callback) callback(error);
    else call.emit('error', error);
  };
  return Object.fromEntries(Object.keys(service).map((method) => [method, reject]));
}

const { ProjectionsService } = projectionsService;
const { UsersService } = usersService;

/** The services that the node does not have; a call of them fails with a sentence that says so. */
export const unimplementedServices: readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[] =
  [
    [ProjectionsService, rejectAllMethods(ProjectionsService, 'The embedded node has no projections.')],
    [
      UsersService,
      rejectAllMethods(UsersService, 'The embedded node has no users: every client may do everything.'),
    ],
  ];
