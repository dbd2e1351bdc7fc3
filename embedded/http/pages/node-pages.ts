import { IMITATED_VERSION } from '../../node-info/imitated-version.ts';
import type { NodeInfo } from '../../node-info/node-info.ts';

/** Returns the status of `/health/live`: 204, or the one that the probe requests with `?liveCode=200`. */
export function liveStatus(url: URL): number {
  const requested = Number(url.searchParams.get('liveCode') ?? 204);
  return Number.isInteger(requested) && requested >= 200 && requested < 600 ? requested : 204;
}

/** Returns the body of `/info`. `atomPub` is false: over HTTP the node serves only the newest page of a stream. */
export const nodeDescription = () => ({
  esVersion: IMITATED_VERSION,
  state: 'leader',
  features: { projections: false, userManagement: false, atomPub: false },
  authentication: { type: 'insecure', properties: [] },
});

/** Returns the body of `/gossip`: a cluster of one node, which leads it. */
export function gossip({ instanceId, host, port, log }: NodeInfo) {
  const position = log.lastPosition();
  const member = {
    instanceId,
    timeStamp: new Date().toISOString(),
    state: 'Leader',
    isAlive: true,
    internalTcpIp: host,
    internalTcpPort: 0,
    internalSecureTcpPort: 0,
    externalTcpIp: host,
    externalTcpPort: 0,
    externalSecureTcpPort: 0,
    internalHttpEndPointIp: host,
    internalHttpEndPointPort: port,
    httpEndPointIp: host,
    httpEndPointPort: port,
    lastCommitPosition: position,
    writerCheckpoint: position,
    chaserCheckpoint: position,
    epochPosition: 0,
    epochNumber: 0,
    epochId: instanceId,
    nodePriority: 0,
    isReadOnlyReplica: false,
    esVersion: IMITATED_VERSION,
  };
  return { members: [member], serverIp: host, serverPort: port };
}
