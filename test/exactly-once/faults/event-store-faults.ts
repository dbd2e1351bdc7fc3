import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { FaultInjector } from './fault-injector.ts';
import type { MessageHandler, RelayedCall } from './grpc-relay.ts';

/** Faults between clients and the event store, with their probability per message or call. */
export const eventStoreFaults = {
  'append: request lost': 0.002,
  'append: request late': 0.01,
  'append: request duplicated': 0.01,
  'append: response lost': 0.004,
  'append: response late': 0.03,
  'append: call aborted before the response': 0.0005,
  'append: connection cut before the response': 0.0003,
  'read: call aborted at once': 0.005,
  'read: late': 0.02,
  'read: call aborted midway': 0.002,
  'read: no response': 0.0005,
  'subscription: call aborted': 0.0002,
  'delivery: lost': 0.003,
  'delivery: late': 0.03,
  'delivery: duplicated': 0.02,
  'delivery: parked before the consumer receives it': 0.002,
  'delivery: connection cut': 0.0006,
  'acknowledgement: lost': 0.003,
  'acknowledgement: late': 0.03,
  'acknowledgement: replaced by a retry': 0.01,
  'acknowledgement: replaced by parking': 0.01,
} as const;

export type EventStoreFault = keyof typeof eventStoreFaults;
type EventStoreFaultInjector = FaultInjector<EventStoreFault>;

/** An unacknowledged event is redelivered after this time; the real setting of 30 s would be too long for a test. */
const MESSAGE_TIMEOUT_MS = 5_000;
/** Maximum delay of a late message; later messages may overtake it. */
const LATE_MS = 150;
/** Maximum delay of a duplicate append: by then its stream usually has more events. */
const DUPLICATE_AFTER_MS = 1_500;

/** Returns a function that injects faults into the calls of the shop. Other calls pass unchanged. */
export const createFaultyCallHandler =
  (faults: EventStoreFaultInjector) =>
  (call: RelayedCall): MessageHandler => {
    switch (call.method.split('/').at(-1)) {
      case 'BatchAppend':
        return appendFaults(call, faults);
      case 'Read':
        return call.method.includes('PersistentSubscriptions')
          ? deliveryFaults(call, faults)
          : readFaults(call, faults);
      case 'Create':
        return passThrough(call, shortenMessageTimeout);
      default:
        return passThrough(call);
    }
  };

const passThrough = (call: RelayedCall, request = (message: Buffer) => message): MessageHandler => ({
  request: (message) => call.toServer(request(message)),
  response: (message) => call.toClient(message),
});

/** One call carries all appends of a process, with one request and one response message per append. */
function appendFaults(call: RelayedCall, faults: EventStoreFaultInjector): MessageHandler {
  /** Correlation ids. The client accepts one response per request, so a second one is dropped. */
  const responded = new Set<string>();
  return {
    request(message) {
      if (faults.occurs('append: request lost')) return;
      if (faults.occurs('append: request late')) {
        faults.delay(LATE_MS, () => call.toServer(message));
        return;
      }
      if (faults.occurs('append: request duplicated'))
        faults.delay(DUPLICATE_AFTER_MS, () => call.toServer(message));
      call.toServer(message);
    },
    response(message) {
      const correlationId = streams.BatchAppendResp.deserializeBinary(message).getCorrelationId();
      const id = Buffer.from(correlationId?.serializeBinary() ?? []).toString('hex');
      if (responded.has(id)) return;
      responded.add(id);
      if (faults.occurs('append: response lost')) return;
      if (faults.occurs('append: call aborted before the response')) return call.abort();
      if (faults.occurs('append: connection cut before the response')) return call.cutConnection();
      if (faults.occurs('append: response late')) faults.delay(LATE_MS, () => call.toClient(message));
      else call.toClient(message);
    },
  };
}

/** A read can be aborted, late, end too early, or stay unanswered. Its messages stay in order, since a client relies on that. */
function readFaults(call: RelayedCall, faults: EventStoreFaultInjector): MessageHandler {
  let isSubscription = false;
  let isUnanswered = false;
  return {
    request(message) {
      isSubscription = streams.ReadReq.deserializeBinary(message).getOptions()?.hasSubscription() ?? false;
      if (isSubscription) return call.toServer(message);
      if (faults.occurs('read: call aborted at once')) return call.abort();
      isUnanswered = faults.occurs('read: no response');
      if (isUnanswered) return;
      if (faults.occurs('read: late')) faults.delay(LATE_MS, () => call.toServer(message));
      else call.toServer(message);
    },
    response(message) {
      if (faults.occurs(isSubscription ? 'subscription: call aborted' : 'read: call aborted midway'))
        call.abort();
      else call.toClient(message);
    },
  };
}

/** A persistent subscription: the server sends events and the consumer acknowledges each. */
function deliveryFaults(call: RelayedCall, faults: EventStoreFaultInjector): MessageHandler {
  const { ReadReq, ReadResp } = persistent;
  const sent = (message: Buffer) => ReadResp.deserializeBinary(message).getEvent();
  return {
    request(message) {
      const ack = ReadReq.deserializeBinary(message).getAck();
      if (ack === undefined) return call.toServer(message);
      if (faults.occurs('acknowledgement: lost')) return;
      if (faults.occurs('acknowledgement: late')) return faults.delay(LATE_MS, () => call.toServer(message));
      if (faults.occurs('acknowledgement: replaced by a retry'))
        return call.toServer(nackRequest(ack.getIdsList(), ReadReq.Nack.Action.RETRY));
      if (faults.occurs('acknowledgement: replaced by parking'))
        return call.toServer(nackRequest(ack.getIdsList(), ReadReq.Nack.Action.PARK));
      call.toServer(message);
    },
    response(message) {
      const id = sent(message)?.getEvent()?.getId();
      if (id === undefined) return call.toClient(message);
      if (faults.occurs('delivery: lost')) return;
      if (faults.occurs('delivery: parked before the consumer receives it'))
        return call.toServer(nackRequest([id], ReadReq.Nack.Action.PARK));
      if (faults.occurs('delivery: connection cut')) return call.cutConnection();
      if (faults.occurs('delivery: duplicated')) faults.delay(LATE_MS, () => call.toClient(message));
      if (faults.occurs('delivery: late')) faults.delay(LATE_MS, () => call.toClient(message));
      else call.toClient(message);
    },
  };
}

type Ids = ReturnType<InstanceType<typeof persistent.ReadReq.Ack>['getIdsList']>;

function nackRequest(ids: Ids, action: 1 | 2): Buffer {
  const nack = new persistent.ReadReq.Nack();
  nack.setIdsList(ids);
  nack.setAction(action);
  nack.setReason('injected by the test');
  const request = new persistent.ReadReq();
  request.setNack(nack);
  return Buffer.from(request.serializeBinary());
}

function shortenMessageTimeout(message: Buffer): Buffer {
  const create = persistent.CreateReq.deserializeBinary(message);
  create.getOptions()?.getSettings()?.setMessageTimeoutMs(MESSAGE_TIMEOUT_MS);
  return Buffer.from(create.serializeBinary());
}
