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
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  GroupFailedError,
  GroupNotFoundError,
  MalformedRequestError,
} from '../../persistent-subscriptions/errors.ts';
import type { PersistentSubscriptions } from '../../persistent-subscriptions/persistent-subscriptions.ts';
import { ALL } from '../../persistent-subscriptions/stored/stream-names.ts';
import { unary } from '../calls/unary.ts';
import { acceptEncoded } from '../messages/serialize.ts';
import { type ConsumerCall, handleConsumerCall } from './consumer-call.ts';
import { groupRequestOf } from './group-request.ts';
import { infoOf } from './info.ts';
import { required, streamNameOf, targetOf } from './request-target.ts';
import { statusOf } from './status.ts';

/** A unary call whose errors become statuses of persistent subscriptions. */
const handle = <Request, Response>(respond: (request: Request) => Response | Promise<Response>) =>
  unary(respond, statusOf);

const { PersistentSubscriptionsService } = services;
export const persistentSubscriptionsService: ServiceDefinition = {
  ...PersistentSubscriptionsService,
  read: {
    ...PersistentSubscriptionsService.read,
    responseSerialize: acceptEncoded<ReadResp>(PersistentSubscriptionsService.read.responseSerialize),
  },
};

/** Creates the `PersistentSubscriptions` service. */
export function createPersistentSubscriptionsCalls(
  subscriptions: PersistentSubscriptions,
): UntypedServiceImplementation {
  return {
    create: handle(async (request: CreateReq) => {
      await subscriptions.create(groupRequestOf(request));
      return new generated.CreateResp();
    }),
    update: handle(async (request: UpdateReq) => {
      await subscriptions.update(groupRequestOf(request));
      return new generated.UpdateResp();
    }),
    delete: handle(async (request: DeleteReq) => {
      const options = required(request.getOptions());
      await subscriptions.delete(targetOf(options), options.getGroupName());
      return new generated.DeleteResp();
    }),
    getInfo: handle((request: GetInfoReq) => {
      const options = required(request.getOptions());
      const found = subscriptions.get(targetOf(options), options.getGroupName());
      return new generated.GetInfoResp().setSubscriptionInfo(infoOf(found));
    }),
    list: handle((request: ListReq) => {
      const options = required(request.getOptions());
      const requested = options.getListForStream();
      if (!requested && !options.hasListAllSubscriptions()) throw new MalformedRequestError();
      const stream = requested?.hasAll() ? ALL : requested && streamNameOf(requested.getStream());
      const found = stream === undefined ? [...subscriptions.all()] : subscriptions.ofStream(stream);
      if (stream !== undefined && !found.length) throw new GroupNotFoundError(stream, '');
      return new generated.ListResp().setSubscriptionsList(found.map(infoOf));
    }),
    replayParked: handle((request: ReplayParkedReq) => {
      const options = required(request.getOptions());
      const stream = targetOf(options);
      const group = options.getGroupName();
      if (!options.hasStopAt() && !options.hasNoLimit()) throw new MalformedRequestError();
      const stopAt = options.hasStopAt() ? Number(options.getStopAt()) : undefined;
      const found = subscriptions.get(stream, group);
      if (stopAt !== undefined && stopAt < 0) throw new GroupFailedError(stream, group, NEGATIVE_STOP_AT);
      found.replayParked(stopAt);
      return new generated.ReplayParkedResp();
    }),
    restartSubsystem: handle(async () => {
      await subscriptions.restart();
      return new shared.Empty();
    }),
    read: (call: ConsumerCall) => handleConsumerCall(subscriptions, call),
  };
}

const NEGATIVE_STOP_AT = 'Cannot stop replaying parked message at a negative version.';
