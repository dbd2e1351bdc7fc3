import { afterEach, describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../domain/kernel/event.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { systemMetadata } from '../../event-store/codec/recorded-event.ts';
import { silent } from '../../event-store/logger.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { Unavailable } from '../../platform/http/response/errors.ts';
import type { ReadStore } from '../../read-store/read-store.ts';
import { Harness } from '../engine/testing/harness.ts';
import { FollowedSessions } from './ended-sessions.ts';
import { sessionsProjection } from './projection.ts';
import {
  laptop,
  passwordChanged,
  phone,
  sessionEnded,
  sessionStarted,
  userDisabled,
} from './testing/events.ts';

let stopping = new AbortController();
afterEach(() => {
  stopping.abort();
  stopping = new AbortController();
});

const token = (sessionId: string, userId = 'ann', userRevision = 0) => ({
  ...{ sessionId, userId, userRevision },
  endsAt: Number.MAX_SAFE_INTEGER,
});

type Store = Pick<ReturnType<typeof createInMemoryEventStore>, 'append' | 'subscribe'>;
let commands = 0;
const append = (store: Store, stream: string, event: DomainEvent) => {
  commands += 1;
  return store.append(stream, [{ event, metadata: systemMetadata(`c-${commands}`) }], 'any');
};
const follow = (store: Store, readStore?: Pick<ReadStore, 'live'>) =>
  new FollowedSessions({
    store,
    readStore: async () => readStore,
    logger: silent,
    clock: () => new Date(),
    signal: stopping.signal,
  });

describe('a process that follows the ends of sessions', () => {
  it('knows nothing before it has caught up, so no access token can be verified', async () => {
    const followed = follow(createInMemoryEventStore({ catalogue }));
    expect(() => followed.hasEnded(token(laptop))).toThrow(Unavailable);
    await followed.ready;
    expect(followed.hasEnded(token(laptop))).toBe(false);
  });

  it('learns of an end that another process records, and tells its streams', async () => {
    const store = createInMemoryEventStore({ catalogue });
    const followed = follow(store);
    await followed.ready;
    const ended = new Promise<void>((resolve) => void followed.onEnd(token(laptop), resolve));
    const disabled = new Promise<void>((resolve) => void followed.onEnd(token(phone, 'bob'), resolve));

    await append(store.connectAgain(), `session-${laptop}`, sessionEnded(laptop));
    await ended;
    expect([followed.hasEnded(token(laptop)), followed.hasEnded(token(phone))]).toEqual([true, false]);
    await append(store.connectAgain(), 'user-bob', userDisabled('bob'));
    await append(store.connectAgain(), 'user-bob', userDisabled('bob'));
    await disabled;
    expect(followed.hasEnded(token(phone, 'bob'))).toBe(true);
  });

  it('learns without a read model what happened before it started', async () => {
    const store = createInMemoryEventStore({ catalogue });
    await append(store, `session-${laptop}`, sessionEnded(laptop));
    const followed = follow(store);
    await followed.ready;
    expect(followed.hasEnded(token(laptop))).toBe(true);
  });

  it('begins with the read model, and reads only later events from the log', async () => {
    const harness = new Harness();
    const { events } = harness;
    await append(events, `session-${laptop}`, sessionStarted(laptop));
    await append(events, `session-${laptop}`, sessionEnded(laptop));
    await append(events, 'user-ann', passwordChanged('ann', phone));
    const { position } = await append(events, 'user-ann', passwordChanged('ann', phone));
    await harness.start([sessionsProjection]);
    const readStore = await harness.openReadStore();
    await harness.reached(sessionsProjection, position);
    const read: string[] = [];
    const subscribe: Store['subscribe'] = async function* (options) {
      for await (const entry of events.subscribe(options)) {
        if (entry.kind === 'event') read.push(entry.recorded.event.type);
        yield entry;
      }
    };
    const followed = follow({ append: events.append, subscribe }, readStore);
    await followed.ready;
    expect(read).toEqual([]);
    expect(followed.hasEnded(token(laptop))).toBe(true);
    expect(followed.hasEnded(token('another'))).toBe(true);
    expect(followed.hasEnded(token(phone))).toBe(false);
    await harness.dispose();
  });
});
