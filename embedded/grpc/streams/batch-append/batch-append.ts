import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc, { type ServerDuplexStream } from '@grpc/grpc-js';
import type { AppendOutcome, EventLog } from '../../../storage/log.ts';
import { ResponseBatcher } from '../../calls/response-batcher.ts';
import { encodeBatchSuccess } from '../../messages/encode-responses.ts';
import { GrpcError } from '../../messages/errors.ts';
import { structuredUuid, uuidOf } from '../../messages/uuid-message.ts';
import { Batch } from './batch.ts';
import {
  badRequestError,
  batchErrorOf,
  encodeBatchError,
  streamDeletedError,
  timeoutError,
  tooBigError,
  wrongRevisionError,
} from './batch-errors.ts';
import { IncompleteBatches } from './incomplete-batches.ts';

export type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp | Buffer>;

/** With this number of appends in flight, no requests are read from the client. */
const MAX_IN_FLIGHT = 4096;

/** Handles `BatchAppend`: many appends on one call, each in one or more parts with a common correlation id. */
export const handleBatchAppend =
  (log: EventLog) =>
  (call: BatchCall): void => {
    new BatchAppendCall(log, call).start();
  };

class BatchAppendCall {
  readonly #log: EventLog;
  readonly #call: BatchCall;
  readonly #responses: ResponseBatcher;
  readonly #incomplete = new IncompleteBatches();
  #inFlight = 0;
  #isHalfClosed = false;

  constructor(log: EventLog, call: BatchCall) {
    this.#log = log;
    this.#call = call;
    this.#responses = new ResponseBatcher(call, () => this.#resume());
  }

  start(): void {
    this.#call.on('data', (request: streams.BatchAppendReq) => this.#receive(request));
    this.#call.on('cancelled', () => this.#incomplete.clear());
    this.#call.on('error', () => this.#incomplete.clear());
    this.#call.on('end', () => {
      this.#isHalfClosed = true;
      this.#endIfDone();
    });
  }

  #receive(request: streams.BatchAppendReq): void {
    const id = request.getCorrelationId();
    const identifier = request.getOptions()?.getStreamIdentifier();
    const correlationId = uuidOf(id);
    if (correlationId === undefined) {
      const reason = id ? 'Unrecognized Guid format.' : "Value cannot be null. (Parameter 'dto')";
      this.#respondError(id, identifier, badRequestError(reason));
      return;
    }
    try {
      this.#addPart(correlationId, request);
    } catch (error) {
      const stream = identifier ?? this.#incomplete.get(correlationId)?.identifier;
      this.#incomplete.remove(correlationId);
      this.#respondError(id, stream, batchErrorOf(error));
    }
  }

  /** @throws {GrpcError} if the batch is invalid */
  #addPart(correlationId: string, request: streams.BatchAppendReq): void {
    const options = request.getOptions();
    const batch = this.#incomplete.get(correlationId) ?? (options && new Batch(options));
    // The first part was rejected or never sent.
    if (batch === undefined) return;
    batch.add(request.getProposedMessagesList());
    if (!request.getIsFinal()) {
      this.#keepIncomplete(correlationId, batch);
      return;
    }
    this.#incomplete.remove(correlationId);
    const id = request.getCorrelationId();
    if (batch.isTooBig) this.#respondError(id, batch.identifier, tooBigError());
    else if (batch.hasExpired) this.#respondError(id, batch.identifier, timeoutError());
    else this.#append(correlationId, id, batch);
  }

  #keepIncomplete(correlationId: string, batch: Batch): void {
    this.#incomplete.keep(correlationId, batch, () => {
      // The real server sends the id of an expired batch in this format.
      this.#respondError(structuredUuid(correlationId), batch.identifier, timeoutError());
      this.#endIfDone();
    });
    if (!this.#incomplete.isTooLarge) return;
    this.#incomplete.clear();
    this.#call.destroy(
      new GrpcError(grpc.status.RESOURCE_EXHAUSTED, 'The incomplete batches of this call are too large.'),
    );
  }

  #append(correlationId: string, id: shared.UUID | undefined, batch: Batch): void {
    this.#inFlight += 1;
    if (this.#inFlight >= MAX_IN_FLIGHT || this.#responses.isFull) this.#call.pause();
    this.#log
      .append(batch.stream, batch.events, batch.expected)
      .then(
        (outcome) => this.#respond(correlationId, id, batch, outcome),
        (error) => this.#respondError(id, batch.identifier, batchErrorOf(error)),
      )
      .then(() => this.#finish());
  }

  #respond(correlationId: string, id: shared.UUID | undefined, batch: Batch, outcome: AppendOutcome): void {
    const { stream, identifier, expected } = batch;
    switch (outcome.status) {
      case 'written':
      case 'repeated':
        this.#responses.write(encodeBatchSuccess(correlationId, stream, outcome.revision, outcome.position));
        break;
      case 'wrong-revision':
        this.#respondError(id, identifier, wrongRevisionError(outcome.current, expected));
        break;
      case 'stream-deleted':
        this.#respondError(id, identifier, streamDeletedError(identifier));
        break;
    }
  }

  #respondError(
    id: shared.UUID | undefined,
    stream: shared.StreamIdentifier | undefined,
    error: status.Status,
  ): void {
    this.#responses.write(encodeBatchError(id, stream, error));
  }

  #finish(): void {
    this.#inFlight -= 1;
    this.#resume();
    this.#endIfDone();
  }

  #resume(): void {
    if (this.#inFlight < MAX_IN_FLIGHT && !this.#responses.isFull && this.#call.isPaused())
      this.#call.resume();
  }

  /** The real server never ends a half-closed call; this node ends it after the last response. */
  #endIfDone(): void {
    if (!this.#isHalfClosed || this.#inFlight > 0 || this.#incomplete.size > 0) return;
    this.#responses.flush();
    this.#call.end();
  }
}
