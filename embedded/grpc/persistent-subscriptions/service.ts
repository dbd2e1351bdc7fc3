import services from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import type {
  CreateReq,
  DeleteReq,
  GetInfoReq,
  ListReq,
  ReadResp,
  ReplayParkedReq,
  UpdateReq,
} from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { summaryOf } from '../../http/pages/subscription-summary.ts';
import {
  GroupFailedError,
  GroupNotFoundError,
  MalformedRequestError,
} from '../../persistent-subscriptions/errors.ts';
import { PersistentSubscriptions } from '../../persistent-subscriptions/persistent-subscriptions.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';
import type { EventLog } from '../../storage/log.ts';
import { type ConsumerCall, handleConsumerCall } from './consumer-call.ts';
import { infoOf } from './info.ts';
import { groupRequestOf, required, streamNameOf, targetOf } from './requests.ts';
import { statusOf } from './status.ts';

/** ResponseBatcher a call with what a function returns or resolves to, or with the status that its error stands for. */
const unary =
  <Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
  ): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    Promise.resolve(call.request)
      .then(handle)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(statusOf(error)),
      );
  };

const { PersistentSubscriptionsService } = services;
const service: ServiceDefinition = {
  ...PersistentSubscriptionsService,
  read: {
    ...PersistentSubscriptionsService.read,
    responseSerialize: (answer: ReadResp | Buffer) =>
      Buffer.isBuffer(answer) ? answer : PersistentSubscriptionsService.read.responseSerialize(answer),
  },
};

/** The service as the gRPC server takes it, over the groups that the log holds. `close` before the log is closed. */
export function createPersistentSubscriptions(log: EventLog) {
  const subscriptions = new PersistentSubscriptions(log);

  const implementation: UntypedServiceImplementation = {
    create: unary(async (request: CreateReq) => {
      await subscriptions.create(groupRequestOf(request));
      return new generated.CreateResp();
    }),
    update: unary(async (request: UpdateReq) => {
      await subscriptions.update(groupRequestOf(request));
      return new generated.UpdateResp();
    }),
    delete: unary(async (request: DeleteReq) => {
      const options = required(request.getOptions());
      await subscriptions.delete(targetOf(options), options.getGroupName());
      return new generated.DeleteResp();
    }),
    getInfo: unary((request: GetInfoReq) => {
      const options = required(request.getOptions());
      const found = subscriptions.get(targetOf(options), options.getGroupName());
      return new generated.GetInfoResp().setSubscriptionInfo(infoOf(found));
    }),
    list: unary((request: ListReq) => {
      const options = required(request.getOptions());
      const asked = options.getListForStream();
      if (!asked && !options.hasListAllSubscriptions()) throw new MalformedRequestError();
      const stream = asked?.hasAll() ? ALL : asked && streamNameOf(asked.getStream());
      const found = stream === undefined ? [...subscriptions.all()] : subscriptions.ofStream(stream);
      if (stream !== undefined && !found.length) throw new GroupNotFoundError(stream, '');
      return new generated.ListResp().setSubscriptionsList(found.map(infoOf));
    }),
    replayParked: unary((request: ReplayParkedReq) => {
      const options = required(request.getOptions());
      const stream = targetOf(options);
      const group = options.getGroupName();
      if (!options.hasStopAt() && !options.hasNoLimit()) throw new MalformedRequestError();
      const stopAt = options.hasStopAt() ? Number(options.getStopAt()) : undefined;
      const found = subscriptions.get(stream, group);
      if (stopAt !== undefined && stopAt < 0) throw new GroupFailedError(stream, group, NEGATIVE_STOP);
      found.replayParked(stopAt);
      return new generated.ReplayParkedResp();
    }),
    restartSubsystem: unary(async () => {
      await subscriptions.restart();
      return new shared.Empty();
    }),
    read: (call: ConsumerCall) => handleConsumerCall(subscriptions, call),
  };

  return {
    service,
    implementation,
    /** Starts every group anew; consumers are dropped and come again. */
    restart: () => subscriptions.restart(),
    /** The groups as `GET /subscriptions` shows them. */
    describe: () => [...subscriptions.all()].map(summaryOf),
    close: () => subscriptions.close(),
  };
}

const NEGATIVE_STOP = 'Cannot stop replaying parked message at a negative version.';
