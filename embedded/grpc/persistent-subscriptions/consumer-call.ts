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
import { uuidOf } from '../messages/uuid-message.ts';
import { required, targetOf } from './request-target.ts';
import { statusOf } from './status.ts';

/** Events are already encoded, other responses are messages. */
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
 * Handles the call of one consumer: it sends the options, and then acknowledges the events that it receives. A consumer
 * that half-closes its call stays connected; it disconnects by cancelling, or when its connection breaks.
 */
export function handleConsumerCall(subscriptions: PersistentSubscriptions, call: ConsumerCall): void {
  let connection: Connection | undefined;
  let isOver = false;

  const disconnect = () => {
    isOver = true;
    connection?.disconnect();
    connection = undefined;
  };
  const fail = (error: unknown) => {
    if (isOver) return;
    disconnect();
    call.emit('error', statusOf(error));
  };
  const receive = (request: ReadReq) => {
    if (isOver) return;
    if (connection) settleEvents(connection, request);
    else connection = connect(subscriptions, call, request, fail);
  };

  call.on('data', (request: ReadReq) => {
    try {
      receive(request);
    } catch (error) {
      fail(error);
    }
  });
  // Without options, the group is unknown.
  call.on('end', () => {
    if (!connection) fail(new MalformedRequestError());
  });
  call.on('cancelled', disconnect);
  call.on('close', disconnect);
  // Emitted for a broken connection, and by `fail`.
  call.on('error', disconnect);
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
  const responses = new ResponseStream<ReadResp>(call);

  const connection = subscription.connect({
    bufferSize,
    send: ({ event, link }, retryCount) =>
      responses.write(encodeReadEvent({ event, link, retryCount }, form)),
    isBackedUp: () => responses.isBackedUp,
    onDropped: () => fail(new ConsumerDroppedError(stream, group)),
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

function settleEvents(connection: Connection, request: ReadReq): void {
  const ack = request.getAck();
  if (ack) connection.acknowledge(eventIdsOf(ack));
  const nack = request.getNack();
  if (!nack) return;
  const action = ACTIONS[nack.getAction()] ?? 'retry';
  connection.nack(eventIdsOf(nack), action, nack.getReason());
}

/** Returns the valid ids; others match no event. */
const eventIdsOf = (request: { getIdsList(): UUID[] }): string[] =>
  request.getIdsList().flatMap((id) => uuidOf(id) ?? []);
