import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import grpc from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../node.ts';
import { ENDLESS } from '../../scavenging/testing/scavenging-node.ts';

const { StartScavengeReq, StopScavengeReq, ScavengeResp } = operations;
const { STARTED, INPROGRESS, STOPPED } = ScavengeResp.ScavengeResult;

describe('the scavenge calls of the Operations service', () => {
  let node: EmbeddedNode;
  let client: InstanceType<typeof operationsService.OperationsClient>;
  beforeEach(async () => {
    node = await startEmbeddedNode({ memory: true, port: 0, scavengeSchedule: ENDLESS });
    client = new operationsService.OperationsClient(
      `127.0.0.1:${node.port}`,
      grpc.credentials.createInsecure(),
    );
  });
  afterEach(async () => {
    client.close();
    await node.stop();
  });

  const resultOf = (error: grpc.ServiceError | null, response: operations.ScavengeResp) =>
    error === null
      ? { id: response.getScavengeId(), result: response.getScavengeResult() }
      : { code: error.code, details: error.details, trailers: error.metadata.getMap() };
  const start = () =>
    new Promise<ReturnType<typeof resultOf>>((resolve) => {
      const request = new StartScavengeReq().setOptions(new StartScavengeReq.Options().setThreadCount(1));
      client.startScavenge(request, (error, response) => resolve(resultOf(error, response)));
    });
  const stop = (id: string) =>
    new Promise<ReturnType<typeof resultOf>>((resolve) => {
      const request = new StopScavengeReq().setOptions(new StopScavengeReq.Options().setScavengeId(id));
      client.stopScavenge(request, (error, response) => resolve(resultOf(error, response)));
    });

  it('start one scavenge at a time', async () => {
    const [first, second] = [await start(), await start()];
    const { id } = first;
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect([first, second]).toEqual([
      { id, result: STARTED },
      { id, result: INPROGRESS },
    ]);
  });

  it('stop the current scavenge, and reject an unknown id with NOT_FOUND', async () => {
    const [started, stopped] = [await start(), await stop('current')];
    expect(stopped).toEqual({ id: started.id, result: STOPPED });

    expect(await stop('another')).toEqual({
      code: grpc.status.NOT_FOUND,
      details: 'Scavenge id was invalid.',
      trailers: expect.objectContaining({ exception: 'scavenge-not-found', 'scavenge-id': '' }),
    });
  });
});
