import grpc from '@grpc/grpc-js';
import { messageOf } from '../../error-message.ts';
import { LogFailed } from '../../storage/errors.ts';
import { revisionText, TOMBSTONE_REVISION } from '../../storage/event.ts';
import { RegexTooExpensive } from '../../storage/filter/regex/errors.ts';
import type { ExpectedRevision } from '../../storage/log.ts';
import { MAX_APPEND_BYTES } from './append-size.ts';

/** An error as gRPC sends it: status code, message, and trailers that the client reads. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly code: grpc.status;
  readonly details: string;
  readonly metadata: grpc.Metadata;

  constructor(code: grpc.status, details: string, trailers: Readonly<Record<string, string>> = {}) {
    super(details);
    this.code = code;
    this.details = details;
    this.metadata = new grpc.Metadata();
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, encodeTrailer(value));
  }
}

/** Trailers are ASCII; other characters are percent-encoded. */
const encodeTrailer = (value: string): string =>
  value.replace(/[^\x20-\x7e]+/g, (other) => encodeURIComponent(Buffer.from(other).toString()));

/** The real server's error for most malformed requests, followed by a reason of this node. */
export const malformed = (reason: string): GrpcError =>
  new GrpcError(grpc.status.UNKNOWN, `Exception was thrown by handler. ${reason}`);

export const invalid = (details: string): GrpcError => new GrpcError(grpc.status.INVALID_ARGUMENT, details);

/** The real server's error for a request in which none of the alternatives of a oneof is set. */
export const noneIsSet = (oneof: string): GrpcError =>
  invalid(`'None' is not a valid EventStore.Client.${oneof}`);

export const invalidPosition = (): GrpcError => invalid('Trying to read from an invalid position.');

export const streamDeleted = (stream: string): GrpcError =>
  new GrpcError(grpc.status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const appendTooBig = (): GrpcError =>
  new GrpcError(grpc.status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_BYTES} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(MAX_APPEND_BYTES),
  });

export const missingProperty = (name: string): GrpcError =>
  new GrpcError(grpc.status.INVALID_ARGUMENT, `Required Metadata Property '${name}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** @param current -1 for no stream */
export function deleteFailed(stream: string, expected: ExpectedRevision, current: number): GrpcError {
  const [expectedText, actual] = [expectedNumber(expected), currentNumber(current)];
  return new GrpcError(
    grpc.status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expectedText}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expectedText,
      'actual-version': actual,
    },
  );
}

const currentNumber = (current: number): string =>
  current === TOMBSTONE_REVISION ? revisionText(current) : String(current);

/** Returns EventStoreDB's number for an expected revision. */
function expectedNumber(expected: ExpectedRevision): string {
  if (expected === 'any') return '-2';
  if (expected === 'no_stream') return '-1';
  if (expected === 'stream_exists') return '-4';
  return revisionText(expected);
}

/** Returns any error as one that gRPC can send. */
export function toGrpcError(error: unknown): GrpcError {
  if (error instanceof GrpcError) return error;
  const isExhausted = error instanceof RegexTooExpensive || (error instanceof LogFailed && error.isDiskError);
  const code = isExhausted ? grpc.status.RESOURCE_EXHAUSTED : grpc.status.INTERNAL;
  return new GrpcError(code, messageOf(error));
}
