import serviceOf from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { NodeInfo } from '../node-info/node-info.ts';

const TICKS_PER_MS = 10_000n;

export const gossipService = serviceOf.GossipService;

/** Responds with a cluster of one node, which leads it. */
export const handleGossip =
  (info: NodeInfo): handleUnaryCall<shared.Empty, gossip.ClusterInfo> =>
  (_, callback) => {
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(info.instanceId))
      .setTimeStamp(String(BigInt(Date.now()) * TICKS_PER_MS))
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(info.host).setPort(info.port));
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  };
