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

/** A call with more appends than this under way is not read from until some are answered. */
const MAX_IN_FLIGHT = 4096;
/** What the begun but unfinished batches of one call may hold. */
const MAX_UNFINISHED_BYTES = 64 * 1024 * 1024;

/** `BatchAppend`: many appends on one call, each in one or more parts, told apart by correlation id. */
export function handleBatchAppend(log: EventLog) {
  return (call: BatchCall): void => {
    new BatchAppendCall(log, call).start();
  };
}

class BatchAppendCall {
  readonly #log: EventLog;
  readonly #call: BatchCall;
  readonly #answers: ResponseBatcher;
  readonly #unfinished = new Map<string, Batch>();
  #underWay = 0;
  #halfClosed = false;

  constructor(log: EventLog, call: BatchCall) {
    this.#log = log;
    this.#call = call;
    this.#answers = new ResponseBatcher(call, () => this.#resume());
  }

  start(): void {
    this.#call.on('data', (request: streams.BatchAppendReq) => this.#receive(request));
    this.#call.on('cancelled', () => this.#forget());
    this.#call.on('error', () => this.#forget());
    this.#call.on('end', () => {
      this.#halfClosed = true;
      this.#endWhenDone();
    });
  }

  #receive(request: streams.BatchAppendReq): void {
    const correlationId = uuidOf(request.getCorrelationId());
    if (correlationId === undefined) {
      const reason = request.hasCorrelationId()
        ? 'Unrecognized Guid format.'
        : "Value cannot be null. (Parameter 'dto')";
      this.#answerError(
        request.getCorrelationId(),
        request.getOptions()?.getStreamIdentifier(),
        badRequest(reason),
      );
      return;
    }
    try {
      this.#take(correlationId, request);
    } catch (error) {
      const identifier =
        request.getOptions()?.getStreamIdentifier() ?? this.#unfinished.get(correlationId)?.identifier;
      this.#drop(correlationId);
      this.#answerError(request.getCorrelationId(), identifier, batchErrorOf(error));
    }
  }

  /** @throws {GrpcError} for a batch that cannot be read. */
  #take(correlationId: string, request: streams.BatchAppendReq): void {
    let batch = this.#unfinished.get(correlationId);
    const options = request.getOptions();
    if (batch === undefined) {
      // A part of nothing that was begun, or whose beginning was refused.
      if (options === undefined) return;
      batch = new Batch(options);
    }
    batch.add(request.getProposedMessagesList());
    if (!request.getIsFinal()) {
      this.#keep(correlationId, batch);
      return;
    }
    this.#drop(correlationId);
    if (batch.isTooBig) this.#answerError(request.getCorrelationId(), batch.identifier, tooBig());
    else if (batch.hasExpired) this.#answerError(request.getCorrelationId(), batch.identifier, timedOut());
    else this.#append(correlationId, request, batch);
  }

  #append(correlationId: string, request: streams.BatchAppendReq, batch: Batch): void {
    this.#underWay += 1;
    if (this.#underWay >= MAX_IN_FLIGHT || this.#answers.isFull) this.#call.pause();
    this.#log.append(batch.stream, batch.events, batch.expected).then(
      (outcome) => this.#answered(correlationId, request, batch, outcome),
      (error) => {
        this.#answerError(request.getCorrelationId(), batch.identifier, batchErrorOf(error));
        this.#settled();
      },
    );
  }

  #answered(
    correlationId: string,
    request: streams.BatchAppendReq,
    batch: Batch,
    outcome: AppendOutcome,
  ): void {
    switch (outcome.status) {
      case 'written':
      case 'repeated':
        this.#answers.write(
          encodeBatchSuccess(correlationId, batch.stream, outcome.revision, outcome.position),
        );
        break;
      case 'wrong-revision':
        this.#answerError(
          request.getCorrelationId(),
          batch.identifier,
          wrongRevision(outcome.current, batch.expected),
        );
        break;
      case 'stream-deleted':
        this.#answerError(request.getCorrelationId(), batch.identifier, deleted(batch.identifier));
        break;
    }
    this.#settled();
  }

  #settled(): void {
    this.#underWay -= 1;
    this.#resume();
    this.#endWhenDone();
  }

  #resume(): void {
    if (this.#underWay < MAX_IN_FLIGHT && !this.#answers.isFull && this.#call.isPaused()) this.#call.resume();
  }

  #keep(correlationId: string, batch: Batch): void {
    if (!this.#unfinished.has(correlationId)) {
      batch.onExpired(() => {
        this.#drop(correlationId);
        this.#answerError(structuredUuid(correlationId), batch.identifier, timedOut());
        this.#endWhenDone();
      });
      this.#unfinished.set(correlationId, batch);
    }
    let bytes = 0;
    for (const each of this.#unfinished.values()) bytes += each.bytes;
    if (bytes <= MAX_UNFINISHED_BYTES) return;
    this.#forget();
    this.#call.destroy(new GrpcError(grpc.status.RESOURCE_EXHAUSTED, 'Too much was begun and not finished.'));
  }

  #drop(correlationId: string): void {
    this.#unfinished.get(correlationId)?.cancelTimer();
    this.#unfinished.delete(correlationId);
  }

  #forget(): void {
    for (const correlationId of [...this.#unfinished.keys()]) this.#drop(correlationId);
  }

  /** The real server leaves a half-closed call open for ever; this one ends it with its last answer. */
  #endWhenDone(): void {
    if (!this.#halfClosed || this.#underWay > 0 || this.#unfinished.size > 0) return;
    this.#answers.flush();
    this.#call.end();
  }

  #answerError(
    correlationId: shared.UUID | undefined,
    stream: shared.StreamIdentifier | undefined,
    error: status.Status,
  ): void {
    const answer = new streams.BatchAppendResp().setError(error);
    if (correlationId) answer.setCorrelationId(correlationId);
    if (stream) answer.setStreamIdentifier(stream);
    this.#answers.write(Buffer.from(answer.serializeBinary()));
  }
}

/** As the real server names a batch that it gave up on. */
function structuredUuid(id: string): shared.UUID {
  const hex = id.replaceAll('-', '');
  const half = (from: number) => String(BigInt.asIntN(64, BigInt(`0x${hex.slice(from, from + 16)}`)));
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(half(0)).setLeastSignificantBits(half(16));
  return new shared.UUID().setStructured(structured);
}
