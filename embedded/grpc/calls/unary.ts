import type { handleUnaryCall } from '@grpc/grpc-js';
import type { GrpcError } from '../messages/errors.ts';

/** Creates the handler of a unary call: responds with the result of a function, or with its error. */
export const unary =
  <Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
    toError: (error: unknown) => GrpcError,
  ): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toError(error)),
      );
  };
