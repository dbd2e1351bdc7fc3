import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import {
  ConsumerDroppedError,
  GroupExistsError,
  GroupFailedError,
  GroupNotFoundError,
  InvalidRequestError,
  TooManyConsumersError,
} from '../../persistent-subscriptions/errors.ts';
import { RegexTooExpensive } from '../../storage/filter/regex/errors.ts';

type Answer = [code: status, exception: string];

/** How each error shows on the wire: the client makes its own error classes of the `exception` trailer. */
function responseStatusOf(error: unknown): Answer | undefined {
  if (error instanceof GroupExistsError) return [status.ALREADY_EXISTS, 'persistent-subscription-exists'];
  if (error instanceof GroupNotFoundError)
    return [status.NOT_FOUND, 'persistent-subscription-does-not-exist'];
  if (error instanceof GroupFailedError) return [status.INTERNAL, 'persistent-subscription-failed'];
  if (error instanceof TooManyConsumersError)
    return [status.FAILED_PRECONDITION, 'maximum-subscribers-reached'];
  if (error instanceof ConsumerDroppedError) return [status.CANCELLED, 'persistent-subscription-dropped'];
  return undefined;
}

/** Trailers hold printable ASCII only. */
const ascii = (text: string) => text.replace(/[^ -~]+/g, encodeURIComponent);

/** The status and trailers that an error ends a call with. */
export function statusOf(error: unknown): StatusObject {
  const metadata = new Metadata();
  const answer = responseStatusOf(error);
  if (error instanceof RegexTooExpensive)
    return { code: status.RESOURCE_EXHAUSTED, details: error.message, metadata };
  if (!answer) {
    return error instanceof InvalidRequestError
      ? { code: status.INVALID_ARGUMENT, details: error.message, metadata }
      : { code: status.UNKNOWN, details: 'Exception was thrown by handler.', metadata };
  }
  const [code, exception] = answer;
  const { stream, group, message, reason } = error as GroupFailedError;
  metadata.set('exception', exception);
  metadata.set('stream-name', ascii(stream));
  metadata.set('group-name', ascii(group));
  if (reason !== undefined) metadata.set('reason', ascii(reason));
  return { code, details: message, metadata };
}
