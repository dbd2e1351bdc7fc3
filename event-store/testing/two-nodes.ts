import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { startEmbeddedNode } from '../../embedded/node.ts';
import { type FlakyProxy, startFlakyProxy } from './flaky-proxy.ts';
import { type Ending, type NodeFront, startNodeFront } from './node-front.ts';

/** The front of a node of a cluster. */
export interface NodeDouble {
  readonly port: number;
  /** What it does with calls other than gossip instead of serving them. */
  instead: ((path: string) => Ending | 'nothing' | undefined) | undefined;
  /** The proxy to it; `deaf` accepts connections and never answers. */
  readonly proxy: FlakyProxy;
  readonly calls: () => readonly string[];
}

export interface TwoNodes {
  readonly a: NodeDouble;
  readonly b: NodeDouble;
  /** Makes this node the leader in both gossips and ends the consumers of the other; undefined: no leader. */
  elect(leader: NodeDouble | undefined): void;
  readonly connectionString: string;
  /** Connection string of the node behind both fronts. */
  readonly straight: string;
  stop(): Promise<void>;
}

const { VNodeState } = gossip.MemberInfo;

/** Starts a cluster of two nodes that share one log: two fronts of one embedded node, with the same gossip. */
export async function startTwoNodes(): Promise<TwoNodes> {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const fronts: NodeFront[] = [];
  let leader: NodeDouble | undefined;
  const member = (double: NodeDouble) =>
    new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
      .setState(double === leader ? VNodeState.LEADER : VNodeState.FOLLOWER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(double.port));
  const gossipAnswer = () => new gossip.ClusterInfo().setMembersList([cluster.a, cluster.b].map(member));
  const startDouble = async (): Promise<NodeDouble> => {
    const front = await startNodeFront({
      toPort: () => node.port,
      instead: (path) =>
        path.endsWith('gossip.Gossip/Read')
          ? { answer: gossipAnswer().serializeBinary() }
          : double.instead?.(path),
    });
    fronts.push(front);
    const proxy = await startFlakyProxy(() => front.port);
    const port = Number(/:(\d+)\?/.exec(proxy.connectionString)?.[1]);
    const double: NodeDouble = { port, instead: undefined, proxy, calls: () => front.calls };
    return double;
  };
  const [a, b] = [await startDouble(), await startDouble()];
  const cluster: TwoNodes = {
    a,
    b,
    elect: (elected) => {
      leader = elected;
      for (const front of fronts) front.resign();
    },
    connectionString: `esdb://127.0.0.1:${a.port},127.0.0.1:${b.port}?tls=false`,
    straight: node.connectionString,
    stop: async () => {
      await Promise.all([a.proxy.stop(), b.proxy.stop()]);
      await Promise.all(fronts.map((front) => front.stop()));
      await node.stop();
    },
  };
  cluster.elect(a);
  return cluster;
}
