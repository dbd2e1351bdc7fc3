import shared from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import grpc from '@grpc/grpc-js';
import type { AppendOutcome, EventLog } from '../../../storage/log.ts';
import { ResponseBatcher } from '../../calls/response-batcher.ts';
import { encodeBatchSuccess } from '../../messages/encode-responses.ts';
import { GrpcError } from '../../messages/errors.ts';
import { uuidOf } from '../../messages/request-fields.ts';
import { Batch } from './batch.ts';
import { badRequest, batchErrorOf, deleted, timedOut, tooBig, wrongRevision } from './batch-errors.ts';

export type BatchCall = ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp | Buffer>;

/** With this number of appends in flight, no requests are read from the client. */
const MAX_IN_FLIGHT = 4096;
/** Maximum memory of the incomplete batches of one call. */
const MAX_INCOMPLETE_BYTES = 64 * 1024 * 1024;

/** Handles `BatchAppend`: many appends on one call, each in one or more parts with a common correlation id. */
export function handleBatchAppend(log: EventLog) {
  return (call: BatchCall): void => {
    new BatchAppendCall(log, call).start();
  };
}

class BatchAppendCall {
  readonly #log: EventLog;
  readonly #call: BatchCall;
  readonly #responses: ResponseBatcher;
  readonly #incomplete = new Map<string, Batch>();
  #inFlight = 0;
  #isHalfClosed = false;

  constructor(log: EventLog, call: BatchCall) {
    this.#log = log;
    this.#call = call;
    this.#responses = new ResponseBatcher(call, () => this.#resume());
  }

  start(): void {
    this.#call.on('data', (request: streams.BatchAppendReq) => this.#receive(request));
    this.#call.on('cancelled', () => this.#dropAll());
    this.#call.on('error', () => this.#dropAll());
    this.#call.on('end', () => {
      this.#isHalfClosed = true;
      this.#endIfDone();
    });
  }

  #receive(request: streams.BatchAppendReq): void {
    const correlationId = uuidOf(request.getCorrelationId());
    if (correlationId === undefined) {
      const reason = request.hasCorrelationId()
        ? 'Unrecognized Guid format.'
        : "Value cannot be null. (Parameter 'dto')";
      this.#respondError(
        request.getCorrelationId(),
        request.getOptions()?.getStreamIdentifier(),
        badRequest(reason),
      );
      return;
    }
    try {
      this.#process(correlationId, request);
    } catch (error) {
      const identifier =
        request.getOptions()?.getStreamIdentifier() ?? this.#incomplete.get(correlationId)?.identifier;
      this.#drop(correlationId);
      this.#respondError(request.getCorrelationId(), identifier, batchErrorOf(error));
    }
  }

  /** @throws {GrpcError} if the batch is invalid */
  #process(correlationId: string, request: streams.BatchAppendReq): void {
    let batch = this.#incomplete.get(correlationId);
    const options = request.getOptions();
    if (batch === undefined) {
      // The first part was rejected or never sent.
      if (options === undefined) return;
      batch = new Batch(options);
    }
    batch.add(request.getProposedMessagesList());
    if (!request.getIsFinal()) {
      this.#keepIncomplete(correlationId, batch);
      return;
    }
    this.#drop(correlationId);
    if (batch.isTooBig) this.#respondError(request.getCorrelationId(), batch.identifier, tooBig());
    else if (batch.hasExpired) this.#respondError(request.getCorrelationId(), batch.identifier, timedOut());
    else this.#append(correlationId, request, batch);
  }

  #append(correlationId: string, request: streams.BatchAppendReq, batch: Batch): void {
    this.#inFlight += 1;
    if (this.#inFlight >= MAX_IN_FLIGHT || this.#responses.isFull) this.#call.pause();
    this.#log.append(batch.stream, batch.events, batch.expected).then(
      (outcome) => this.#respond(correlationId, request, batch, outcome),
      (error) => {
        this.#respondError(request.getCorrelationId(), batch.identifier, batchErrorOf(error));
        this.#finish();
      },
    );
  }

  #respond(
    correlationId: string,
    request: streams.BatchAppendReq,
    batch: Batch,
    outcome: AppendOutcome,
  ): void {
    switch (outcome.status) {
      case 'written':
      case 'repeated':
        this.#responses.write(
          encodeBatchSuccess(correlationId, batch.stream, outcome.revision, outcome.position),
        );
        break;
      case 'wrong-revision':
        this.#respondError(
          request.getCorrelationId(),
          batch.identifier,
          wrongRevision(outcome.current, batch.expected),
        );
        break;
      case 'stream-deleted':
        this.#respondError(request.getCorrelationId(), batch.identifier, deleted(batch.identifier));
        break;
    }
    this.#finish();
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

  #keepIncomplete(correlationId: string, batch: Batch): void {
    if (!this.#incomplete.has(correlationId)) {
      batch.onExpired(() => {
        this.#drop(correlationId);
        this.#respondError(structuredUuid(correlationId), batch.identifier, timedOut());
        this.#endIfDone();
      });
      this.#incomplete.set(correlationId, batch);
    }
    let bytes = 0;
    for (const each of this.#incomplete.values()) bytes += each.bytes;
    if (bytes <= MAX_INCOMPLETE_BYTES) return;
    this.#dropAll();
    this.#call.destroy(
      new GrpcError(grpc.status.RESOURCE_EXHAUSTED, 'The incomplete batches of this call are too large.'),
    );
  }

  #drop(correlationId: string): void {
    this.#incomplete.get(correlationId)?.cancelTimer();
    this.#incomplete.delete(correlationId);
  }

  #dropAll(): void {
    for (const correlationId of [...this.#incomplete.keys()]) this.#drop(correlationId);
  }

  /** The real server never ends a half-closed call; this node ends it after the last response. */
  #endIfDone(): void {
    if (!this.#isHalfClosed || this.#inFlight > 0 || this.#incomplete.size > 0) return;
    this.#responses.flush();
    this.#call.end();
  }

  #respondError(
    correlationId: shared.UUID | undefined,
    stream: shared.StreamIdentifier | undefined,
    error: status.Status,
  ): void {
    const response = new streams.BatchAppendResp().setError(error);
    if (correlationId) response.setCorrelationId(correlationId);
    if (stream) response.setStreamIdentifier(stream);
    this.#responses.write(Buffer.from(response.serializeBinary()));
  }
}

/** Returns the structured format, in which the real server sends the id of an expired batch. */
function structuredUuid(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const half = (from: number) => String(BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(half(0)).setLeastSignificantBits(half(16));
  return new shared.UUID().setStructured(structured);
}
