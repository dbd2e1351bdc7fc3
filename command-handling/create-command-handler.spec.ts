import { describe, expect, it } from 'vitest';
import { inventoryDecider } from '../domain/inventory/decider.ts';
import { levels } from '../domain/inventory/state.ts';
import { catalogue } from '../event-catalogue/catalogue.ts';
import { AppendOutcomeUnknown, EventStoreUnavailable } from '../event-store/errors.ts';
import { collect } from '../event-store/testing/collect.ts';
import { createInMemoryEventStore } from '../event-store/testing/in-memory-event-store.ts';
import { createCommandHandler } from './create-command-handler.ts';
import { adjust, open, receive, reserve, stock } from './testing/sample-commands.ts';
import { setUp, thrown } from './testing/two-handlers.ts';

describe('a command that the command handler receives', () => {
  it('is decided on the events of its stream; the result has its events, revision and state', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(10, 'c1'));

    const result = await handler.handle(reserve('order-1', 4, 'c2'));

    expect(result.events.map(({ type }) => type)).toEqual(['StockReserved']);
    expect(result.revision).toBe(1n);
    expect(levels(result.state)).toMatchObject({ onHand: 10, reserved: 4, available: 6 });
    expect(result.position).toEqual(await store.head());
  });

  it('records its sender, correlation and cause in the metadata', async () => {
    const { handler, store } = setUp();

    await handler.handle(receive(10, 'c1'));

    const [recorded] = await collect(store.read(stock));
    expect(recorded?.metadata).toEqual({
      $correlationId: 'correlation-1',
      $causationId: 'cause-1',
      commandId: 'c1',
      actor: { sub: 'olivia', role: 'operator' },
      schemaVersion: 1,
    });
  });

  it('appends nothing if it has no effect, and returns the revision of the stream', async () => {
    const { handler, store } = setUp();
    await handler.handle(open(10, 'c1'));

    const result = await handler.handle(open(10, 'c2'));

    expect(result).toMatchObject({ events: [], revision: 0n, position: await store.head() });
    expect(store.calls.appends).toBe(1);
  });

  it('returns no revision if it has no effect on a stream that does not exist', async () => {
    const { handler } = setUp();

    const result = await handler.handle(adjust(0, 'c1'));

    expect(result).toMatchObject({ events: [], revision: undefined, position: undefined });
  });

  it('reads the stream for the first command only', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    await handler.handle(receive(2, 'c2'));
    await handler.handle(receive(3, 'c3'));

    expect(store.calls).toEqual({ appends: 3, reads: 1 });
  });

  it('is appended without a read if its stream is presumed new', async () => {
    const { handler, store } = setUp();

    await handler.handle(receive(1, 'c1', { presumeNew: true }));

    expect(store.calls).toEqual({ appends: 1, reads: 0 });
  });

  it('is decided again if its stream was wrongly presumed new', async () => {
    const { handler, other } = setUp();
    await other.handle(receive(5, 'c1'));

    const result = await handler.handle(receive(1, 'c2', { presumeNew: true }));

    expect(levels(result.state).onHand).toBe(6);
    expect(result.revision).toBe(1n);
  });

  it('counts events of unknown type in the revision', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.appendRaw(stock, { type: 'ByHand', data: {} });

    const result = await handler.handle(receive(2, 'c2'));

    expect(result.revision).toBe(2n);
    expect(levels(result.state).onHand).toBe(3);
  });
});

describe('an append whose outcome is unknown', () => {
  it('fails all its commands and evicts the cached state, so that the next command reads the stream', async () => {
    const { handler, store, commands } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.failNextAppend('answer-lost');

    const results = await Promise.all([
      thrown(handler.handle(receive(2, 'c2'))),
      thrown(handler.handle(receive(3, 'c3'))),
    ]);
    const result = await handler.handle(receive(4, 'c4'));

    expect(results).toEqual([expect.any(AppendOutcomeUnknown), expect.any(AppendOutcomeUnknown)]);
    expect(store.calls).toEqual({ appends: 3, reads: 2 });
    expect(levels(result.state).onHand).toBe(10);
    expect(await commands()).toEqual(['c1', 'c2', 'c3', 'c4']);
  });

  it('may have written nothing; then the next command is decided on the old events', async () => {
    const { handler, store } = setUp();
    await handler.handle(receive(1, 'c1'));
    store.failNextAppend('request-lost');
    await thrown(handler.handle(receive(2, 'c2')));

    expect(levels((await handler.handle(receive(4, 'c3'))).state).onHand).toBe(5);
  });

  it('throws another error than an unavailable event store, which has written nothing', async () => {
    const { handler, store } = setUp();
    store.failNextAppend('unavailable');

    expect(await thrown(handler.handle(receive(1, 'c1')))).toBeInstanceOf(EventStoreUnavailable);
    expect((await handler.handle(receive(1, 'c2'))).revision).toBe(0n);
  });
});

describe('while the event store may have been replaced', () => {
  it('a command is decided on the events in the store, not on cached state', async () => {
    const store = createInMemoryEventStore({ catalogue });
    let isTrusted = true;
    const handler = createCommandHandler({ store, isTrusted: () => isTrusted });
    await handler.handle(receive(10, 'c1'));
    await handler.handle(reserve('order-1', 4, 'c2'));
    // The store is replaced by an older copy without the stream.
    store.scavenge(stock);
    isTrusted = false;

    expect(handler.cachedState({ stream: stock, decider: inventoryDecider })).toBeUndefined();
    const result = await handler.handle(receive(3, 'c3'));

    expect({ revision: result.revision, onHand: levels(result.state).onHand }).toEqual({
      revision: 0n,
      onHand: 3,
    });
  });
});
