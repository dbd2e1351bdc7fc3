import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Mischief } from './fault-injector.ts';
import type { Meddler, Passage } from './grpc-relay.ts';

/** All that may happen on the way to the event store and back, with how likely it is, of each message or call. */
export const storeFaults = {
  'append: request lost': 0.002,
  'append: request late': 0.01,
  'append: request comes twice': 0.01,
  'append: answer lost': 0.004,
  'append: answer late': 0.03,
  'append: call broken off before the answer': 0.0005,
  'append: connection cut before the answer': 0.0003,
  'read: refused': 0.005,
  'read: late': 0.02,
  'read: broken off': 0.002,
  'read: never answered': 0.0005,
  'subscription: broken off': 0.0002,
  'delivery: lost': 0.003,
  'delivery: late': 0.03,
  'delivery: comes twice': 0.02,
  'delivery: parked unseen': 0.002,
  'delivery: connection cut': 0.0006,
  'acknowledgement: lost': 0.003,
  'acknowledgement: late': 0.03,
  'acknowledgement: becomes a retry': 0.01,
  'acknowledgement: becomes a parking': 0.01,
} as const;

export type StoreFault = keyof typeof storeFaults;
type StoreMischief = Mischief<StoreFault>;

/** A delivery whose answer was lost comes again after so long, instead of half a minute. */
const MESSAGE_TIMEOUT_MS = 5_000;
/** What is late may be overtaken by all that is not. */
const LATE_MS = 150;
/** A request that comes twice comes again when its stream has moved on. */
const AGAIN_MS = 1_500;

/** Makes trouble for every kind of call that the shop makes; the others pass. */
export const troubleWith =
  (mischief: StoreMischief) =>
  (passage: Passage): Meddler => {
    switch (passage.method.split('/').at(-1)) {
      case 'BatchAppend':
        return troubleWithAppends(passage, mischief);
      case 'Read':
        return passage.method.includes('PersistentSubscriptions')
          ? troubleWithDeliveries(passage, mischief)
          : troubleWithRead(passage, mischief);
      case 'Create':
        return passing(passage, impatient);
      default:
        return passing(passage);
    }
  };

const passing = (passage: Passage, request = (message: Buffer) => message): Meddler => ({
  request: (message) => passage.toServer(request(message)),
  answer: (message) => passage.toClient(message),
});

/** The call carries all appends of a process: each is asked by one message and answered by one. */
function troubleWithAppends(passage: Passage, mischief: StoreMischief): Meddler {
  /** The client takes one answer to each of its requests. */
  const answered = new Set<string>();
  return {
    request(message) {
      if (mischief.does('append: request lost')) return;
      if (mischief.does('append: request late')) {
        mischief.later(LATE_MS, () => passage.toServer(message));
        return;
      }
      if (mischief.does('append: request comes twice'))
        mischief.later(AGAIN_MS, () => passage.toServer(message));
      passage.toServer(message);
    },
    answer(message) {
      const asked = streams.BatchAppendResp.deserializeBinary(message).getCorrelationId();
      const id = Buffer.from(asked?.serializeBinary() ?? []).toString('hex');
      if (answered.has(id)) return;
      answered.add(id);
      if (mischief.does('append: answer lost')) return;
      if (mischief.does('append: call broken off before the answer')) return passage.breakOff();
      if (mischief.does('append: connection cut before the answer')) return passage.cutConnection();
      if (mischief.does('append: answer late')) mischief.later(LATE_MS, () => passage.toClient(message));
      else passage.toClient(message);
    },
  };
}

/** Reads answer in order or not at all: one may be refused, late, end too early, or never answer. */
function troubleWithRead(passage: Passage, mischief: StoreMischief): Meddler {
  let isSubscription = false;
  let isMute = false;
  return {
    request(message) {
      isSubscription = streams.ReadReq.deserializeBinary(message).getOptions()?.hasSubscription() ?? false;
      if (isSubscription) return passage.toServer(message);
      if (mischief.does('read: refused')) return passage.breakOff();
      isMute = mischief.does('read: never answered');
      if (isMute) return;
      if (mischief.does('read: late')) mischief.later(LATE_MS, () => passage.toServer(message));
      else passage.toServer(message);
    },
    answer(message) {
      if (mischief.does(isSubscription ? 'subscription: broken off' : 'read: broken off')) passage.breakOff();
      else passage.toClient(message);
    },
  };
}

/** A consumer of a persistent subscription: it is sent events, and answers each. */
function troubleWithDeliveries(passage: Passage, mischief: StoreMischief): Meddler {
  const { ReadReq, ReadResp } = persistent;
  const sent = (message: Buffer) => ReadResp.deserializeBinary(message).getEvent();
  return {
    request(message) {
      const ack = ReadReq.deserializeBinary(message).getAck();
      if (ack === undefined) return passage.toServer(message);
      if (mischief.does('acknowledgement: lost')) return;
      if (mischief.does('acknowledgement: late'))
        return mischief.later(LATE_MS, () => passage.toServer(message));
      if (mischief.does('acknowledgement: becomes a retry'))
        return passage.toServer(refusal(ack.getIdsList(), ReadReq.Nack.Action.RETRY));
      if (mischief.does('acknowledgement: becomes a parking'))
        return passage.toServer(refusal(ack.getIdsList(), ReadReq.Nack.Action.PARK));
      passage.toServer(message);
    },
    answer(message) {
      const id = sent(message)?.getEvent()?.getId();
      if (id === undefined) return passage.toClient(message);
      if (mischief.does('delivery: lost')) return;
      if (mischief.does('delivery: parked unseen'))
        return passage.toServer(refusal([id], ReadReq.Nack.Action.PARK));
      if (mischief.does('delivery: connection cut')) return passage.cutConnection();
      if (mischief.does('delivery: comes twice')) mischief.later(LATE_MS, () => passage.toClient(message));
      if (mischief.does('delivery: late')) mischief.later(LATE_MS, () => passage.toClient(message));
      else passage.toClient(message);
    },
  };
}

type Ids = ReturnType<InstanceType<typeof persistent.ReadReq.Ack>['getIdsList']>;

function refusal(ids: Ids, action: 1 | 2): Buffer {
  const nack = new persistent.ReadReq.Nack();
  nack.setIdsList(ids);
  nack.setAction(action);
  nack.setReason('made up on the way');
  const request = new persistent.ReadReq();
  request.setNack(nack);
  return Buffer.from(request.serializeBinary());
}

function impatient(message: Buffer): Buffer {
  const create = persistent.CreateReq.deserializeBinary(message);
  create.getOptions()?.getSettings()?.setMessageTimeoutMs(MESSAGE_TIMEOUT_MS);
  return Buffer.from(create.serializeBinary());
}
