import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc, { type ServerReadableStream, type sendUnaryData } from '@grpc/grpc-js';
import { type NewEvent, revisionText } from '../../storage/event.ts';
import type { AppendOutcome, EventLog, ExpectedRevision } from '../../storage/log.ts';
import { appendBytesOf, MAX_APPEND_BYTES } from '../messages/append-size.ts';
import {
  appendTooBig,
  GrpcError,
  invalid,
  malformed,
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

/** `Append`: the options, then the events, then one answer. */
export function handleAppend(log: EventLog) {
  return (
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    answer: sendUnaryData<streams.AppendResp>,
  ): void => {
    const events: NewEvent[] = [];
    let target: Target | undefined;
    let bytes = 0;
    let refused = false;
    const refuse = (error: unknown) => {
      if (refused) return;
      refused = true;
      events.length = 0;
      answer(toGrpcError(error));
    };
    call.on('data', (request: streams.AppendReq) => {
      if (refused) return;
      try {
        const message = request.getProposedMessage();
        if (message === undefined) target = readTarget(target, request.getOptions());
        else {
          if (target === undefined) throw malformed('An event came before the options.');
          const event = newEventOf(message);
          events.push(event);
          bytes += appendBytesOf(event);
          if (bytes > MAX_APPEND_BYTES) throw appendTooBig();
          // Half a million of the smallest events would be within the size limit.
          if (events.length > MAX_EVENTS) throw new GrpcError(grpc.status.RESOURCE_EXHAUSTED, TOO_MANY);
        }
      } catch (error) {
        refuse(error);
      }
    });
    call.on('error', refuse);
    call.on('end', () => {
      if (refused) return;
      if (target === undefined) return refuse(malformed('Nothing was sent.'));
      const { stream, expected } = target;
      log.append(stream, events, expected).then((outcome) => {
        if (outcome.status === 'stream-deleted') refuse(streamDeleted(stream));
        else answer(null, response(outcome, expected));
      }, refuse);
    });
  };
}

function readTarget(already: Target | undefined, options: streams.AppendReq.Options | undefined): Target {
  if (already !== undefined) throw malformed('The options came twice.');
  if (options === undefined) throw malformed('A message is neither options nor event.');
  const stream = streamNameOf(options.getStreamIdentifier());
  const expected = expectedRevisionOf(options, options.hasRevision() ? options.getRevision() : undefined);
  if (expected !== undefined) return { stream, expected };
  throw invalid(
    "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
  );
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

/** Says it twice, the second time for clients of version 20.6.0. */
function wrongRevision(current: number, expected: ExpectedRevision): streams.AppendResp.WrongExpectedVersion {
  const message = new AppendResp.WrongExpectedVersion();
  const empty = () => new shared.Empty();
  if (current < 0) message.setCurrentNoStream(empty()).setNoStream2060(empty());
  else message.setCurrentRevision(revisionText(current)).setCurrentRevision2060(current);
  if (expected === 'any') return message.setExpectedAny(empty()).setAny2060(empty());
  if (expected === 'stream_exists') {
    return message.setExpectedStreamExists(empty()).setStreamExists2060(empty());
  }
  // That version has no field for it and sent a revision of -1, which the field's type cannot carry.
  if (expected === 'no_stream') return message.setExpectedNoStream(empty()).setExpectedRevision2060(0);
  return message.setExpectedRevision(revisionText(expected)).setExpectedRevision2060(expected);
}
