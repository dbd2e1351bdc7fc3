import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import generated from '@eventstore/db-client/generated/persistent_pb.js';
import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { ConsumerDroppedError, MalformedRequestError } from '../../persistent-subscriptions/errors.ts';
import type { NackAction } from '../../persistent-subscriptions/group/ports.ts';
import type { Connection } from '../../persistent-subscriptions/persistent-subscription.ts';
import type { PersistentSubscriptions } from '../../persistent-subscriptions/persistent-subscriptions.ts';
import { ResponseStream } from '../calls/response-stream.ts';
import { encodeReadEvent, type IdFormat } from '../messages/encode-responses.ts';
import { uuidOf } from '../messages/request-fields.ts';
import { required, targetOf } from './requests.ts';
import { statusOf } from './status.ts';

/** Events come encoded already, everything else as messages. */
export type ConsumerCall = ServerDuplexStream<ReadReq, ReadResp | Buffer>;

const { Action } = generated.ReadReq.Nack;
const ACTIONS: Record<number, NackAction> = {
  [Action.UNKNOWN]: 'retry',
  [Action.PARK]: 'park',
  [Action.RETRY]: 'retry',
  [Action.SKIP]: 'skip',
  [Action.STOP]: 'stop',
};

/**
 * One consumer's conversation: the options first, then its answers to what it is sent. It stays connected when it only
 * closes its own half; it leaves by cancelling, or when its connection breaks.
 */
export function handleConsumerCall(subscriptions: PersistentSubscriptions, call: ConsumerCall): void {
  let connection: Connection | undefined;
  let over = false;

  const leave = () => {
    over = true;
    connection?.leave();
    connection = undefined;
  };
  const fail = (error: unknown) => {
    if (over) return;
    leave();
    call.emit('error', statusOf(error));
  };
  const hear = (request: ReadReq) => {
    if (over) return;
    if (connection) answer(connection, request);
    else connection = connect(subscriptions, call, request, fail);
  };

  call.on('data', (request: ReadReq) => {
    try {
      hear(request);
    } catch (error) {
      fail(error);
    }
  });
  // Nothing can follow that would say which group it wants.
  call.on('end', () => {
    if (!connection) fail(new MalformedRequestError());
  });
  call.on('cancelled', leave);
  call.on('close', leave);
  // A broken connection shows as an error of the call; what `fail` emits comes by here as well.
  call.on('error', leave);
}

function connect(
  subscriptions: PersistentSubscriptions,
  call: ConsumerCall,
  request: ReadReq,
  fail: (error: unknown) => void,
) {
  const options = required(request.getOptions());
  const stream = targetOf(options);
  const group = options.getGroupName();
  const bufferSize = options.getBufferSize();
  const form: IdFormat = options.getUuidOption()?.hasStructured() ? 'structured' : 'string';
  const subscription = subscriptions.get(stream, group);
  if (bufferSize < 0) throw new MalformedRequestError();
  const out = new ResponseStream<ReadResp>(call);

  const connection = subscription.connect({
    bufferSize,
    send: ({ event, link }, retryCount) => out.write(encodeReadEvent({ event, link, retryCount }, form)),
    isBackedUp: () => out.isBackedUp,
    dropped: () => fail(new ConsumerDroppedError(stream, group)),
    from: call.getPeer(),
    name: String(call.metadata.get('connection-name')[0] ?? ''),
  });
  const confirmation = new generated.ReadResp.SubscriptionConfirmation().setSubscriptionId(
    `${stream}::${group}`,
  );
  call.write(new generated.ReadResp().setSubscriptionConfirmation(confirmation));
  subscription.group.dispatch();
  return connection;
}

function answer(connection: Connection, request: ReadReq): void {
  const ack = request.getAck();
  if (ack) connection.acknowledge(eventIdsOf(ack));
  const nack = request.getNack();
  if (!nack) return;
  const action = ACTIONS[nack.getAction()] ?? 'retry';
  connection.refuse(eventIdsOf(nack), action, nack.getReason());
}

/** What is no id is nobody's. */
const eventIdsOf = (answered: { getIdsList(): UUID[] }): string[] =>
  answered.getIdsList().flatMap((id) => uuidOf(id) ?? []);
