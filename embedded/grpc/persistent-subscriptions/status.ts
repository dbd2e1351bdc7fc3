import { status } from '@grpc/grpc-js';
import {
  ConsumerDroppedError,
  GroupExistsError,
  GroupFailedError,
  GroupNotFoundError,
  InvalidRequestError,
  TooManyConsumersError,
} from '../../persistent-subscriptions/errors.ts';
import { RegexTooExpensive } from '../../storage/filter/regex/errors.ts';
import { GrpcError } from '../messages/errors.ts';

/** Returns the status code and the `exception` trailer, from which the client creates its own errors. */
function codeAndException(error: unknown): [code: status, exception: string] | undefined {
  if (error instanceof GroupExistsError) return [status.ALREADY_EXISTS, 'persistent-subscription-exists'];
  if (error instanceof GroupNotFoundError)
    return [status.NOT_FOUND, 'persistent-subscription-does-not-exist'];
  if (error instanceof GroupFailedError) return [status.INTERNAL, 'persistent-subscription-failed'];
  if (error instanceof TooManyConsumersError)
    return [status.FAILED_PRECONDITION, 'maximum-subscribers-reached'];
  if (error instanceof ConsumerDroppedError) return [status.CANCELLED, 'persistent-subscription-dropped'];
  return undefined;
}

/** Returns any error of a persistent subscription as an error of gRPC. */
export function statusOf(error: unknown): GrpcError {
  if (error instanceof RegexTooExpensive) return new GrpcError(status.RESOURCE_EXHAUSTED, error.message);
  if (error instanceof InvalidRequestError) return new GrpcError(status.INVALID_ARGUMENT, error.message);
  const found = codeAndException(error);
  if (found === undefined) return new GrpcError(status.UNKNOWN, 'Exception was thrown by handler.');
  const [code, exception] = found;
  const { stream, group, message, reason } = error as GroupFailedError;
  return new GrpcError(code, message, {
    exception,
    'stream-name': stream,
    'group-name': group,
    ...(reason !== undefined && { reason }),
  });
}
