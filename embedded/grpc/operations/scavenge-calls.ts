import operations from '@eventstore/db-client/generated/operations_pb.js';
import grpc, { type handleUnaryCall } from '@grpc/grpc-js';
import type { Scavenges } from '../../scavenging/scavenges.ts';
import { GrpcError } from '../messages/errors.ts';

const { ScavengeResp } = operations;
const { STARTED, INPROGRESS, STOPPED } = ScavengeResp.ScavengeResult;

export interface ScavengeCalls {
  readonly startScavenge: handleUnaryCall<operations.StartScavengeReq, operations.ScavengeResp>;
  readonly stopScavenge: handleUnaryCall<operations.StopScavengeReq, operations.ScavengeResp>;
}

/** Creates the scavenge calls of the `Operations` service. They ignore threads and start chunk: the node has no chunks. */
export function createScavengeCalls(scavenges: Scavenges): ScavengeCalls {
  return {
    startScavenge: (_, callback) => {
      const { scavengeId, isNew } = scavenges.start();
      const result = isNew ? STARTED : INPROGRESS;
      callback(null, new ScavengeResp().setScavengeId(scavengeId).setScavengeResult(result));
    },
    stopScavenge: (call, callback) => {
      const requested = call.request.getOptions()?.getScavengeId() ?? '';
      void scavenges.stop(requested).then((scavengeId) => {
        if (scavengeId === undefined) callback(noSuchScavenge(scavenges.current));
        else callback(null, new ScavengeResp().setScavengeId(scavengeId).setScavengeResult(STOPPED));
      });
    },
  };
}

const noSuchScavenge = (current = ''): GrpcError =>
  new GrpcError(grpc.status.NOT_FOUND, 'Scavenge id was invalid.', {
    exception: 'scavenge-not-found',
    'scavenge-id': current,
  });
