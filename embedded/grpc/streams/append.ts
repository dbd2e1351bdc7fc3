import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc, { type ServerReadableStream, type sendUnaryData } from '@grpc/grpc-js';
import { type NewEvent, revisionText } from '../../storage/event.ts';
import type { AppendOutcome, EventLog, ExpectedRevision } from '../../storage/log.ts';
import { appendBytesOf, MAX_APPEND_BYTES } from '../messages/append-size.ts';
import {
  appendTooBig,
  GrpcError,
  malformed,
  noneIsSet,
  streamDeleted,
  toGrpcError,
} from '../messages/errors.ts';
import { expectedRevisionOf, newEventOf, streamNameOf } from '../messages/request-fields.ts';

const { AppendResp } = streams;

const MAX_EVENTS = 200_000;
const TOO_MANY = `One append may hold at most ${MAX_EVENTS} events.`;

interface Target {
  readonly stream: string;
  readonly expected: ExpectedRevision;
}

/** Handles `Append`: the client sends the options and then the events, and receives one response. */
export function handleAppend(log: EventLog) {
  return (
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    callback: sendUnaryData<streams.AppendResp>,
  ): void => {
    const events: NewEvent[] = [];
    let target: Target | undefined;
    let bytes = 0;
    let isRejected = false;
    const reject = (error: unknown) => {
      if (isRejected) return;
      isRejected = true;
      events.length = 0;
      callback(toGrpcError(error));
    };
    call.on('data', (request: streams.AppendReq) => {
      if (isRejected) return;
      try {
        const message = request.getProposedMessage();
        if (message === undefined) target = readTarget(target, request.getOptions());
        else {
          if (target === undefined) throw malformed('An event was sent before the options.');
          const event = newEventOf(message);
          events.push(event);
          bytes += appendBytesOf(event);
          if (bytes > MAX_APPEND_BYTES) throw appendTooBig();
          // The size limit alone would allow half a million small events.
          if (events.length > MAX_EVENTS) throw new GrpcError(grpc.status.RESOURCE_EXHAUSTED, TOO_MANY);
        }
      } catch (error) {
        reject(error);
      }
    });
    call.on('error', reject);
    call.on('end', () => {
      if (isRejected) return;
      if (target === undefined) return reject(malformed('The request is empty.'));
      const { stream, expected } = target;
      log.append(stream, events, expected).then((outcome) => {
        if (outcome.status === 'stream-deleted') reject(streamDeleted(stream));
        else callback(null, response(outcome, expected));
      }, reject);
    });
  };
}

function readTarget(earlier: Target | undefined, options: streams.AppendReq.Options | undefined): Target {
  if (earlier !== undefined) throw malformed('The options were sent twice.');
  if (options === undefined) throw malformed('A message contains neither options nor an event.');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected === undefined)
    throw noneIsSet('Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase');
  return { stream, expected };
}

function response(
  outcome: Exclude<AppendOutcome, { status: 'stream-deleted' }>,
  expected: ExpectedRevision,
): streams.AppendResp {
  return outcome.status === 'wrong-revision'
    ? new AppendResp().setWrongExpectedVersion(wrongRevision(outcome.current, expected))
    : new AppendResp().setSuccess(success(outcome.revision, outcome.position));
}

function success(revision: number, position: number | undefined): streams.AppendResp.Success {
  const message = new AppendResp.Success();
  if (revision < 0) message.setNoStream(new shared.Empty());
  else message.setCurrentRevision(revisionText(revision));
  if (position === undefined) return message.setNoPosition(new shared.Empty());
  const text = String(position);
  return message.setPosition(new AppendResp.Position().setCommitPosition(text).setPreparePosition(text));
}

/** Sets each field twice, the second time for clients of version 20.6.0. */
function wrongRevision(current: number, expected: ExpectedRevision): streams.AppendResp.WrongExpectedVersion {
  const message = new AppendResp.WrongExpectedVersion();
  const empty = () => new shared.Empty();
  if (current < 0) message.setCurrentNoStream(empty()).setNoStream2060(empty());
  else message.setCurrentRevision(revisionText(current)).setCurrentRevision2060(current);
  if (expected === 'any') return message.setExpectedAny(empty()).setAny2060(empty());
  if (expected === 'stream_exists') {
    return message.setExpectedStreamExists(empty()).setStreamExists2060(empty());
  }
  // For version 20.6.0 there is no field for `no_stream`, and its revision of -1 does not fit the field's type.
  if (expected === 'no_stream') return message.setExpectedNoStream(empty()).setExpectedRevision2060(0);
  return message.setExpectedRevision(revisionText(expected)).setExpectedRevision2060(expected);
}
