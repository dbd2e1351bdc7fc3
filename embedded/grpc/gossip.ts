import serviceOf from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { NodeInfo } from '../node-info/node-info.ts';
import { unary } from './calls/unary.ts';
import { toGrpcError } from './messages/errors.ts';

const TICKS_PER_MS = 10_000n;

export const gossipService = serviceOf.GossipService;

/** Creates the `Gossip` service: a cluster of one node, which leads it. */
export const createGossip = (info: () => NodeInfo): UntypedServiceImplementation => ({
  read: unary(() => {
    const { instanceId, host, port } = info();
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(instanceId))
      .setTimeStamp(String(BigInt(Date.now()) * TICKS_PER_MS))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
    return new gossip.ClusterInfo().setMembersList([member]);
  }, toGrpcError),
});
