import { IMITATED_VERSION } from './imitated-version.ts';
import type { NodeInfo } from './node-info.ts';

/** Returns the use of resources by the process, and the end of the log. Times in seconds, sizes in bytes. */
export function statistics({ startedAt, log }: NodeInfo) {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  return {
    proc: {
      id: process.pid,
      startTime: new Date(startedAt).toISOString(),
      uptime: (Date.now() - startedAt) / 1000,
      mem: memory.rss,
      heapUsed: memory.heapUsed,
      cpuTime: (cpu.user + cpu.system) / 1e6,
    },
    sys: { node: process.version, platform: process.platform },
    es: { version: IMITATED_VERSION, writer: { lastPosition: log.lastPosition() } },
  };
}

/** Returns the same as name and text pairs, with nested names joined by hyphens, for the Monitoring service. */
export function flatStatistics(info: NodeInfo): [string, string][] {
  const flatten = (prefix: string, value: unknown): [string, string][] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) => flatten(prefix ? `${prefix}-${key}` : key, each))
      : [[prefix, String(value)]];
  return flatten('', statistics(info));
}
