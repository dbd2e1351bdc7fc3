import type { z } from 'zod';
import { RequestAccepted, RequestAnswered, RequestRefused } from '../../event-catalogue/request-events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import type { EventStore } from '../../event-store/event-store.ts';

export type Json = z.output<ReturnType<typeof z.json>>;

/** What identifies the command of a keyed request: every attempt uses the same intent. */
export interface Intent {
  readonly commandId: string;
  /** Revision of the target stream from which on the events of this command may be. */
  readonly lookFrom: bigint;
  readonly fingerprint: string;
}

/** The state of a request stream. */
export interface RequestRecord {
  /** Undefined while the key was never used. */
  readonly revision: bigint | undefined;
  /** The intent that holds the key, or held it last. */
  readonly intent: Intent | undefined;
  /** The last attempt was rejected, which frees the key. Another attempt at the same request may still succeed. */
  readonly rejected: boolean;
  readonly response: { readonly json: Json } | undefined;
}

const unused: RequestRecord = {
  revision: undefined,
  intent: undefined,
  rejected: false,
  response: undefined,
};

export async function readRequestRecord(store: EventStore, stream: string): Promise<RequestRecord> {
  let record = unused;
  for await (const recorded of store.read(stream))
    record = { ...evolve(record, recorded), revision: recorded.revision };
  return record;
}

function evolve(record: RequestRecord, { event }: RecordedEvent): RequestRecord {
  switch (event.type) {
    case RequestAccepted.type: {
      const { commandId, lookFrom, fingerprint } = RequestAccepted.schema.parse(event.data);
      const intent = { commandId, lookFrom: BigInt(lookFrom), fingerprint };
      return { ...record, intent, rejected: false };
    }
    case RequestAnswered.type: {
      const { commandId, answer } = RequestAnswered.schema.parse(event.data);
      return commandId === record.intent?.commandId ? { ...record, response: { json: answer } } : record;
    }
    case RequestRefused.type: {
      const { commandId } = RequestRefused.schema.parse(event.data);
      return commandId === record.intent?.commandId ? { ...record, rejected: true } : record;
    }
    default:
      return record;
  }
}
