import type { BaseOptions, EventStoreDBClient } from '@eventstore/db-client';
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { clientParts } from './client-parts.ts';

export interface NodeAddress {
  readonly host: string;
  readonly port: number;
}

/** The state of the cluster, as one node gossips it. */
export interface Gossip {
  readonly nodes: readonly NodeAddress[];
  /** Undefined while the node knows no leader that is alive. */
  readonly leader: NodeAddress | undefined;
}

/** Reads the gossip of the node that a client is connected to. Rejects after the time limit. */
export async function readGossip(client: EventStoreDBClient, withinMs: number): Promise<Gossip> {
  const { execute, callArguments } = clientParts(client);
  const options: BaseOptions = { deadline: withinMs };
  const info = await execute(
    gossipGrpc.GossipClient,
    'readGossip',
    (service) =>
      new Promise<gossip.ClusterInfo>((resolve, reject) => {
        service.read(new shared.Empty(), ...callArguments(options), (error, answer) =>
          error === null ? resolve(answer) : reject(error),
        );
      }),
  );
  const members = info
    .getMembersList()
    .filter((member) => /^[\w.-]+$/.test(member.getHttpEndPoint()?.getAddress() ?? ''));
  const leader = members.find(
    (member) => member.getIsAlive() && member.getState() === gossip.MemberInfo.VNodeState.LEADER,
  );
  return { nodes: members.map(addressOf), leader: leader && addressOf(leader) };
}

const addressOf = (member: gossip.MemberInfo): NodeAddress => {
  const endPoint = member.getHttpEndPoint();
  return { host: endPoint?.getAddress() ?? '', port: endPoint?.getPort() ?? 0 };
};
