import { randomUUID } from 'node:crypto';
import process from 'node:process';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';

// The baseline of the embedded node: a gRPC server that only decodes and encodes the same messages.

function batchAppend(call: grpc.ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void {
  call.on('data', (request: streams.BatchAppendReq) => {
    const position = new shared.AllStreamPosition().setCommitPosition('100').setPreparePosition('100');
    const success = new streams.BatchAppendResp.Success().setCurrentRevision('1').setPosition(position);
    const answer = new streams.BatchAppendResp()
      .setCorrelationId(request.getCorrelationId())
      .setStreamIdentifier(request.getOptions()?.getStreamIdentifier())
      .setSuccess(success);
    call.write(answer);
  });
  call.on('end', () => call.end());
}

/** Returns as many events of the measured size as requested. */
async function read(call: grpc.ServerWritableStream<streams.ReadReq, streams.ReadResp>): Promise<void> {
  const count = Number(call.request.getOptions()?.getCount());
  const data = Buffer.from(JSON.stringify({ filler: 'x'.repeat(200) }));
  for (let i = 0; i < count; i++) {
    const event = new streams.ReadResp.ReadEvent.RecordedEvent()
      .setId(new shared.UUID().setString(ID))
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(`bench-${i % 1000}`)))
      .setStreamRevision(String(i))
      .setCommitPosition(String(i * 400))
      .setPreparePosition(String(i * 400))
      .setData(data)
      .setCustomMetadata(METADATA);
    event
      .getMetadataMap()
      .set('type', 'Measured')
      .set('content-type', 'application/json')
      .set('created', '17952616190000000');
    const answer = new streams.ReadResp.ReadEvent().setEvent(event).setCommitPosition(String(i * 400));
    if (!call.write(new streams.ReadResp().setEvent(answer))) {
      await new Promise((resolve) => call.once('drain', resolve));
    }
  }
  call.end();
}

const ID = randomUUID();
const METADATA = Buffer.from(JSON.stringify({ $correlationId: ID }));

const server = new grpc.Server({ 'grpc.enable_channelz': 0 });
server.addService(services.StreamsService, {
  batchAppend,
  read: (call: grpc.ServerWritableStream<streams.ReadReq, streams.ReadResp>) => void read(call),
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.({ address: `127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit());
