import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import { MalformedRequestError } from '../../persistent-subscriptions/errors.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';

/** Returns a part of a request. @throws {MalformedRequestError} if it is missing */
export function required<T>(part: T | undefined): T {
  if (part === undefined) throw new MalformedRequestError();
  return part;
}

export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(required(identifier).getStreamName_asU8()).toString();

/** Returns the stream of a request, or `$all`. */
export const targetOf = (options: {
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
}): string => (options.hasAll() ? ALL : streamNameOf(options.getStreamIdentifier()));
