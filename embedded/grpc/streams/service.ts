import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
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
import type { LiveEvents } from './subscribe/live-events.ts';
import { subscribeToAll, subscribeToStream } from './subscribe/subscribe.ts';

const { StreamsService } = services;

export const streamsService: ServiceDefinition = {
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

export interface StreamsOptions {
  readonly log: EventLog;
  readonly live: LiveEvents;
}

/** Creates the `Streams` service: append, read, subscribe, delete. */
export const createStreamsCalls = ({ log, live }: StreamsOptions): UntypedServiceImplementation => ({
  append: handleAppend(log),
  batchAppend: handleBatchAppend(log),
  delete: handleDelete(log),
  tombstone: handleTombstone(log),
  read: (call: ReadCall) => handleRead(log, live, call),
});

function handleRead(log: EventLog, live: LiveEvents, call: ReadCall): void {
  const responses = new ResponseStream(call);
  const handle = async () => {
    const plan = readPlan(call.request);
    switch (plan.kind) {
      case 'read-stream':
        await readStream(log, plan, responses);
        return responses.end();
      case 'read-all':
        await readAll(log, plan, responses);
        return responses.end();
      case 'subscribe-stream':
        return stopWith(call, subscribeToStream(log, live, plan, responses));
      case 'subscribe-all':
        return stopWith(call, subscribeToAll(log, live, plan, responses));
    }
  };
  handle().catch((error) => responses.fail(toGrpcError(error)));
}

function stopWith(call: ReadCall, subscription: { stop(): void }): void {
  const stop = () => subscription.stop();
  call.on('cancelled', stop);
  call.on('close', stop);
  call.on('error', stop);
}
