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

/** The scavenge calls of the `Operations` service. The node has no chunks, so it ignores threads and the start chunk. */
export function scavengeCalls(scavenges: Scavenges): ScavengeCalls {
  return {
    startScavenge: (_, answer) => {
      const { scavengeId, isNew } = scavenges.start();
      const result = isNew ? STARTED : INPROGRESS;
      answer(null, new ScavengeResp().setScavengeId(scavengeId).setScavengeResult(result));
    },
    stopScavenge: (call, answer) => {
      const asked = call.request.getOptions()?.getScavengeId() ?? '';
      void scavenges.stop(asked).then((scavengeId) => {
        if (scavengeId === undefined) answer(noSuchScavenge(scavenges.current));
        else answer(null, new ScavengeResp().setScavengeId(scavengeId).setScavengeResult(STOPPED));
      });
    },
  };
}

const noSuchScavenge = (current = ''): GrpcError =>
  new GrpcError(grpc.status.NOT_FOUND, 'Scavenge id was invalid.', {
    exception: 'scavenge-not-found',
    'scavenge-id': current,
  });
