import serviceOf from '@eventstore/db-client/generated/monitoring_grpc_pb.js';
import monitoring from '@eventstore/db-client/generated/monitoring_pb.js';
import type { ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { NodeInfo } from '../node-info/node-info.ts';
import { flatStatistics } from '../node-info/statistics.ts';

const MIN_PERIOD_MS = 100;
const MAX_PERIOD_MS = 2 ** 31 - 1;

export const monitoringService = serviceOf.MonitoringService;

/** Creates the `Monitoring` service: sends statistics at once and then once a period, until the client ends the call. */
export const createMonitoring = (info: () => NodeInfo): UntypedServiceImplementation => ({
  stats: (call: ServerWritableStream<monitoring.StatsReq, monitoring.StatsResp>) => {
    const send = () => {
      const message = new monitoring.StatsResp();
      const map = message.getStatsMap();
      for (const [name, value] of flatStatistics(info())) map.set(name, value);
      if (!call.writableNeedDrain) call.write(message);
    };
    const requested = Number(call.request.getRefreshTimePeriodInMs());
    const timer = setInterval(send, Math.min(Math.max(requested, MIN_PERIOD_MS), MAX_PERIOD_MS));
    timer.unref();
    const stop = () => clearInterval(timer);
    call.on('cancelled', stop);
    call.on('close', stop);
    send();
  },
});
