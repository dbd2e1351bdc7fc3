import { EventEmitter } from 'node:events';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerReadableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { openEventLog } from '../../storage/sqlite-log.ts';
import { handleAppend } from './append.ts';

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;
type Result = Parameters<sendUnaryData<streams.AppendResp>>;

const { AppendReq } = streams;

const options = () =>
  new AppendReq().setOptions(
    new AppendReq.Options()
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('order-1')))
      .setAny(new shared.Empty()),
  );

function proposal(type: string, data = 0, metadata = 0): streams.AppendReq {
  const message = new AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString('0198c2f4-3d0a-7c7c-9d1e-3d6f0a1b2c3d'))
    .setData(new Uint8Array(data))
    .setCustomMetadata(new Uint8Array(metadata));
  message.getMetadataMap().set('type', type).set('content-type', 'application/octet-stream');
  return new AppendReq().setProposedMessage(message);
}

/** Returns the response of `Append` to these requests. */
async function sendAppend(requests: Iterable<streams.AppendReq>): Promise<Result> {
  const log = openEventLog({ memory: true });
  const call = new EventEmitter();
  const result = await new Promise<Result>((resolve) => {
    handleAppend(log)(call as Call, (...given) => resolve(given));
    call.emit('data', options());
    for (const request of requests) call.emit('data', request);
    call.emit('end');
  });
  await log.close();
  return result;
}

describe('the Append call of the embedded node', () => {
  it.each([
    ['data', [proposal('T', 2 ** 20 - 2)], [proposal('T', 2 ** 20 - 1)]],
    ['metadata', [proposal('T', 0, 2 ** 20 - 2)], [proposal('T', 0, 2 ** 20 - 1)]],
    ['the UTF-16 units of the type', [proposal('🎉', 2 ** 20 - 4)], [proposal('🎉', 2 ** 20 - 3)]],
    [
      'all events',
      [proposal('T', 2 ** 19 - 2), proposal('T', 2 ** 19 - 2)],
      [proposal('T', 2 ** 19 - 2), proposal('T', 2 ** 19 - 1)],
    ],
  ])('accepts 1 MiB and rejects one byte more, counting %s', async (_, fitting, tooLarge) => {
    const [error, response] = await sendAppend(fitting);
    expect(error).toBeNull();
    expect(response?.hasSuccess()).toBe(true);

    expect((await sendAppend(tooLarge))[0]).toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'Maximum Append Size of 1048576 Exceeded.',
    });
  });

  it('rejects more than 200,000 events of any size', async () => {
    const smallest = proposal('T');
    expect((await sendAppend(Array.from({ length: 200_001 }, () => smallest)))[0]).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      details: 'One append may hold at most 200000 events.',
    });
  });
});
