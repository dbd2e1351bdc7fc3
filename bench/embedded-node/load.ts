import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import { BatchClient } from '../../embedded/testing/batch-client.ts';
import { perSecond } from '../harness/concurrent-work.ts';

const STREAMS = 1_000;
const EVENT = {
  type: 'Measured',
  data: Buffer.from(JSON.stringify({ filler: 'x'.repeat(200) })),
  metadata: Buffer.from(JSON.stringify({ $correlationId: randomUUID() })),
};

/** Appends single events to 1,000 streams, or to one; returns the events per second. */
export async function appendRate(
  address: string,
  options: { readonly inFlight: number; readonly seconds: number; readonly stream?: string },
): Promise<number> {
  const client = new BatchClient(address);
  const rate = await perSecond(options, (index) =>
    client.append(options.stream ?? `bench-${index % STREAMS}`, [EVENT]),
  );
  client.close();
  return rate;
}

/** Fills a node quickly, with 50 events per append. */
export async function fill(
  address: string,
  events: number,
  streamOf: (append: number) => string,
): Promise<void> {
  const perAppend = 50;
  const client = new BatchClient(address);
  let next = 0;
  const worker = async () => {
    for (let append = next++; append * perAppend < events; append = next++) {
      await client.append(streamOf(append), new Array(perAppend).fill(EVENT));
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  client.close();
}

/** Reads $all or a stream from its start once; returns the events per second. */
export async function readRate(address: string, count: number, stream?: string): Promise<number> {
  const client = new services.StreamsClient(address, grpc.credentials.createInsecure());
  const options = new streams.ReadReq.Options()
    .setCount(String(count))
    .setNoFilter(new shared.Empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  if (stream === undefined) {
    options.setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()));
  } else {
    const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
    const from = new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(identifier);
    options.setStream(from.setStart(new shared.Empty()));
  }
  const startedAt = performance.now();
  let events = 0;
  for await (const answer of client.read(new streams.ReadReq().setOptions(options))) {
    if ((answer as streams.ReadResp).hasEvent()) events += 1;
  }
  client.close();
  return events / ((performance.now() - startedAt) / 1_000);
}
