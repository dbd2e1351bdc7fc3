import { randomUUID } from 'node:crypto';
import type { EventLog } from '../storage/log.ts';

/** What the node reports about itself over gRPC and HTTP. */
export interface NodeInfo {
  readonly instanceId: string;
  readonly host: string;
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly log: EventLog;
}

export const createNodeInfo = (host: string, port: number, log: EventLog): NodeInfo => ({
  instanceId: randomUUID(),
  host,
  port,
  startedAt: Date.now(),
  log,
});
