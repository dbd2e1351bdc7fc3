import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { EventLog } from '../../storage/log.ts';
import { type ReadCall, ResponseStream } from '../calls/response-stream.ts';
import { toGrpcError } from '../messages/errors.ts';
import { acceptEncoded } from '../messages/serialize.ts';
import { handleAppend } from './append.ts';
import { handleBatchAppend } from './batch-append/batch-append.ts';
import { handleDelete, handleTombstone } from './delete.ts';
import { readAll, readStream } from './read/read.ts';
import { readPlan } from './read/read-request.ts';
import { LiveEvents } from './subscribe/live-events.ts';
import { subscribeToAll, subscribeToStream } from './subscribe/subscribe.ts';

const { StreamsService } = streamsService;

const service: ServiceDefinition = {
  ...StreamsService,
  read: {
    ...StreamsService.read,
    responseSerialize: acceptEncoded<streams.ReadResp>(StreamsService.read.responseSerialize),
  },
  batchAppend: {
    ...StreamsService.batchAppend,
    responseSerialize: acceptEncoded<streams.BatchAppendResp>(StreamsService.batchAppend.responseSerialize),
  },
};

export interface StreamsServiceParts {
  readonly service: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
  close(): void;
}

/** Creates the `Streams` service: append, read, subscribe, delete. */
export function createStreamsService(log: EventLog): StreamsServiceParts {
  const live = new LiveEvents(log);
  const implementation: UntypedServiceImplementation = {
    append: handleAppend(log),
    batchAppend: handleBatchAppend(log),
    delete: handleDelete(log),
    tombstone: handleTombstone(log),
    read: (call: ReadCall) => handleRead(log, live, call),
  };
  return { service, implementation, close: () => live.close() };
}

function handleRead(log: EventLog, live: LiveEvents, call: ReadCall): void {
  const out = new ResponseStream(call);
  const handle = async () => {
    const plan = readPlan(call.request);
    switch (plan.kind) {
      case 'read-stream':
        await readStream(log, plan, out);
        return out.end();
      case 'read-all':
        await readAll(log, plan, out);
        return out.end();
      case 'subscribe-stream':
        return stopWith(call, subscribeToStream(log, live, plan, out));
      case 'subscribe-all':
        return stopWith(call, subscribeToAll(log, live, plan, out));
    }
  };
  handle().catch((error) => out.fail(toGrpcError(error)));
}

function stopWith(call: ReadCall, subscription: { stop(): void }): void {
  const stop = () => subscription.stop();
  call.on('cancelled', stop);
  call.on('close', stop);
  call.on('error', stop);
}
