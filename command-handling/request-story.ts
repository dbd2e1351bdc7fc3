import type { z } from 'zod';
import { RequestAccepted, RequestAnswered, RequestRefused } from '../event-catalogue/request-events.ts';
import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { EventStore } from '../event-store/event-store.ts';

export type Json = z.output<ReturnType<typeof z.json>>;

/** What a request took on: the same command id for every attempt at it. */
export interface Intent {
  readonly commandId: string;
  readonly lookFrom: bigint;
  readonly fingerprint: string;
}

/** What became of an idempotency key so far. */
export interface RequestStory {
  /** Of its stream; undefined while the key was never used. */
  readonly revision: bigint | undefined;
  /** The intent that holds the key, or held it last. */
  readonly intent: Intent | undefined;
  /** It was refused: the key is free, unless an answer comes all the same from another attempt. */
  readonly refused: boolean;
  readonly answer: { readonly json: Json } | undefined;
}

const untold: RequestStory = { revision: undefined, intent: undefined, refused: false, answer: undefined };

export async function readStory(store: EventStore, stream: string): Promise<RequestStory> {
  let story = untold;
  for await (const recorded of store.read(stream))
    story = { ...tell(story, recorded), revision: recorded.revision };
  return story;
}

function tell(story: RequestStory, { event }: RecordedEvent): RequestStory {
  switch (event.type) {
    case RequestAccepted.type: {
      const { commandId, lookFrom, fingerprint } = RequestAccepted.schema.parse(event.data);
      const intent = { commandId, lookFrom: BigInt(lookFrom), fingerprint };
      return { ...story, intent, refused: false };
    }
    case RequestAnswered.type: {
      const { commandId, answer } = RequestAnswered.schema.parse(event.data);
      return commandId === story.intent?.commandId ? { ...story, answer: { json: answer } } : story;
    }
    case RequestRefused.type: {
      const { commandId } = RequestRefused.schema.parse(event.data);
      return commandId === story.intent?.commandId ? { ...story, refused: true } : story;
    }
    default:
      return story;
  }
}
