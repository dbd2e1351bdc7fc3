import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

export interface BatchEvent {
  readonly type: string;
  readonly data: Buffer;
  readonly metadata?: Buffer;
}

/** The node has disconnected, or it rejected the append. */
export class AppendFailed extends Error {
  override readonly name = 'AppendFailed';
}

/**
 * A minimal client for batched appends. When the connection breaks, it rejects the appends in flight; the official client
 * fails in other ways.
 */
export class BatchClient {
  readonly #client: InstanceType<typeof services.StreamsClient>;
  readonly #call: grpc.ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
  readonly #waiting = new Map<
    string,
    { resolve: (revision: number) => void; reject: (error: Error) => void }
  >();

  /** @param address host and port */
  constructor(address: string) {
    this.#client = new services.StreamsClient(address, grpc.credentials.createInsecure());
    this.#call = this.#client.batchAppend();
    this.#call.on('data', (response: streams.BatchAppendResp) => this.#receive(response));
    this.#call.on('error', (error) => this.#rejectAll(error.message));
    this.#call.on('end', () => this.#rejectAll('The call was ended.'));
  }

  /** Resolves to the revision of the last event. @throws {AppendFailed} */
  append(stream: string, events: readonly BatchEvent[]): Promise<number> {
    const correlationId = randomUUID();
    const options = new streams.BatchAppendReq.Options()
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
      .setAny(new empty.Empty());
    const request = new streams.BatchAppendReq()
      .setCorrelationId(new shared.UUID().setString(correlationId))
      .setOptions(options)
      .setProposedMessagesList(events.map(proposedMessage))
      .setIsFinal(true);
    return new Promise((resolve, reject) => {
      this.#waiting.set(correlationId, { resolve, reject });
      this.#call.write(request);
    });
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }

  #receive(response: streams.BatchAppendResp): void {
    const id = response.getCorrelationId()?.getString() ?? '';
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    const success = response.getSuccess();
    if (success) waiting?.resolve(Number(success.getCurrentRevision()));
    else waiting?.reject(new AppendFailed(response.getError()?.getMessage()));
  }

  #rejectAll(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new AppendFailed(reason));
    this.#waiting.clear();
  }
}

function proposedMessage({ type, data, metadata }: BatchEvent): streams.BatchAppendReq.ProposedMessage {
  const message = new streams.BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(randomUUID()))
    .setData(data);
  if (metadata) message.setCustomMetadata(metadata);
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
}
