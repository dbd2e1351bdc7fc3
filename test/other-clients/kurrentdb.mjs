// Calls every method for streams and persistent subscriptions of @kurrent/kurrentdb-client on the node at NODE_URL.
// CLIENT_FOLDER is the folder of the installed client.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const { CLIENT_FOLDER, NODE_URL } = process.env;
const kurrent = createRequire(`${CLIENT_FOLDER}/`)('@kurrent/kurrentdb-client');
const { KurrentDBClient, jsonEvent, binaryEvent, streamNameFilter, eventTypeFilter, excludeSystemEvents } =
  kurrent;
const { ANY, NO_STREAM, STREAM_EXISTS, START, END, FORWARDS, BACKWARDS, PARK, RETRY, SKIP } = kurrent;
const settingsToStream = kurrent.persistentSubscriptionToStreamSettingsFromDefaults;
const settingsToAll = kurrent.persistentSubscriptionToAllSettingsFromDefaults;

let client;
before(() => {
  client = KurrentDBClient.connectionString(NODE_URL.replace(/^esdb/, 'kurrentdb'));
});
after(() => client.dispose());

const newStream = () => `order-${randomUUID()}`;
const event = (type, data = {}, options = {}) => jsonEvent({ type, data, ...options });
const append = (stream, ...types) =>
  client.appendToStream(
    stream,
    types.map((type) => event(type)),
  );
const link = (stream) =>
  binaryEvent({ type: '$>', data: Buffer.from(`0@${stream}`), metadata: Buffer.alloc(0) });

async function collect(reading) {
  const events = [];
  for await (const each of reading) events.push(each);
  return events;
}
const typesOf = (events) => events.map(({ event: found }) => found?.type);

/** Reads a subscription until `count` events have arrived; calls `handle` with each. */
async function follow(subscription, count, handle = () => {}) {
  const seen = [];
  for await (const resolved of subscription) {
    seen.push(resolved);
    await handle(resolved, seen.length);
    if (seen.length === count) return seen;
  }
  return seen;
}

async function waitUntil(ask, test) {
  for (;;) {
    const answer = await ask();
    if (test(answer)) return answer;
    await sleep(20);
  }
}

describe('appending', () => {
  it('writes JSON and bytes, and reads them back', async () => {
    const stream = newStream();
    const id = randomUUID();
    const first = await client.appendToStream(
      stream,
      event('Placed', { a: [1, 'ü'] }, { id, metadata: { $correlationId: 'c' } }),
      { streamState: NO_STREAM },
    );
    assert.equal(first.nextExpectedRevision, 0n);
    const bytes = Uint8Array.from([0, 255]);
    const second = await client.appendToStream(stream, [binaryEvent({ type: 'Raw', data: bytes })], {
      streamState: 0n,
    });
    assert.ok(second.position.commit > first.position.commit);
    const [placed, raw] = await collect(client.readStream(stream));
    assert.equal(placed.event.id, id);
    assert.deepEqual(placed.event.data, { a: [1, 'ü'] });
    assert.deepEqual(placed.event.metadata, { $correlationId: 'c' });
    assert.equal(placed.event.position.commit, first.position.commit);
    assert.deepEqual([...raw.event.data], [0, 255]);
  });

  it('rejects a wrong revision', async () => {
    const stream = newStream();
    await append(stream, 'Placed');
    for (const streamState of [NO_STREAM, 7n]) {
      await assert.rejects(
        client.appendToStream(stream, event('Paid'), { streamState }),
        kurrent.WrongExpectedVersionError,
      );
    }
    await assert.rejects(
      client.appendToStream(newStream(), event('Paid'), { streamState: STREAM_EXISTS }),
      kurrent.WrongExpectedVersionError,
    );
  });

  it('writes a repeated append once', async () => {
    const stream = newStream();
    const events = [event('Placed'), event('Paid')];
    const outcomes = [];
    for (let i = 0; i < 2; i++)
      outcomes.push(await client.appendToStream(stream, events, { streamState: NO_STREAM }));
    assert.equal(outcomes[1].nextExpectedRevision, outcomes[0].nextExpectedRevision);
    assert.equal((await collect(client.readStream(stream))).length, 2);
  });

  it('rejects more than 1 MiB, including metadata and types', async () => {
    const stream = newStream();
    const large = (bytes) =>
      binaryEvent({ type: 'T', data: new Uint8Array(bytes), metadata: new Uint8Array(100) });
    await client.appendToStream(stream, large(2 ** 20 - 102));
    await assert.rejects(
      client.appendToStream(stream, large(2 ** 20 - 101)),
      kurrent.MaxAppendSizeExceededError,
    );
  });

  it('rejects appends to several streams as not supported by the server', async () => {
    const request = { streamName: newStream(), events: [event('Placed')], expectedState: NO_STREAM };
    await assert.rejects(client.multiStreamAppend([request]), kurrent.UnsupportedError);
  });
});

describe('reading', () => {
  it('reads a stream in both directions, from a revision, up to a count', async () => {
    const stream = newStream();
    await append(stream, ...'ABCDE');
    const read = async (options) => typesOf(await collect(client.readStream(stream, options))).join('');
    assert.equal(await read({}), 'ABCDE');
    assert.equal(await read({ direction: BACKWARDS, fromRevision: END }), 'EDCBA');
    assert.equal(await read({ direction: FORWARDS, fromRevision: 1n, maxCount: 2 }), 'BC');
    assert.equal(await read({ direction: BACKWARDS, fromRevision: 3n, maxCount: 2 }), 'DC');
  });

  it('rejects a read of a missing stream', async () => {
    await assert.rejects(collect(client.readStream(newStream())), kurrent.StreamNotFoundError);
  });

  it('reads all events in both directions, and behind filters', async () => {
    const stream = newStream();
    const { position } = await append(stream, 'A');
    await append(stream, 'B', 'C');
    const read = async (options) => typesOf(await collect(client.readAll(options))).join('');
    assert.equal(await read({ fromPosition: position, maxCount: 3 }), 'ABC');
    assert.equal(await read({ direction: BACKWARDS, fromPosition: END, maxCount: 3 }), 'CBA');
    const filter = streamNameFilter({ prefixes: [stream] });
    assert.equal(await read({ filter }), 'ABC');
    assert.equal(await read({ filter, direction: BACKWARDS, fromPosition: END }), 'CBA');
    const byType = eventTypeFilter({ regex: '^(B|C)$' });
    assert.equal(await read({ filter: byType, fromPosition: position }), 'BC');
  });

  it('resolves links when requested', async () => {
    const stream = newStream();
    await append(stream, 'Placed');
    await client.appendToStream(`links-${stream}`, link(stream));
    const [plain] = await collect(client.readStream(`links-${stream}`));
    const [resolved] = await collect(client.readStream(`links-${stream}`, { resolveLinkTos: true }));
    assert.equal(plain.event.type, '$>');
    assert.equal(resolved.event.type, 'Placed');
    assert.equal(resolved.link.type, '$>');
  });
});

describe('deleting and metadata', () => {
  it('deletes a stream that can be written again', async () => {
    const stream = newStream();
    await append(stream, 'A', 'B');
    await assert.rejects(
      client.deleteStream(stream, { expectedRevision: 0n }),
      kurrent.WrongExpectedVersionError,
    );
    await client.deleteStream(stream, { expectedRevision: 1n });
    await assert.rejects(collect(client.readStream(stream)), kurrent.StreamNotFoundError);
    assert.equal((await append(stream, 'C')).nextExpectedRevision, 2n);
    assert.deepEqual(typesOf(await collect(client.readStream(stream))), ['C']);
  });

  it('tombstones a stream permanently', async () => {
    const stream = newStream();
    await append(stream, 'A');
    await client.tombstoneStream(stream);
    await assert.rejects(collect(client.readStream(stream)), kurrent.StreamDeletedError);
    await assert.rejects(append(stream, 'B'), kurrent.StreamDeletedError);
  });

  it('keeps metadata, which limits what is read', async () => {
    const stream = newStream();
    await append(stream, ...'ABC');
    assert.equal((await client.getStreamMetadata(stream)).metadata, undefined);
    await client.setStreamMetadata(stream, { maxCount: 2, own: 'x' });
    const { metadata } = await client.getStreamMetadata(stream);
    assert.deepEqual([metadata.maxCount, metadata.own], [2, 'x']);
    assert.deepEqual(typesOf(await collect(client.readStream(stream))), ['B', 'C']);
  });
});

describe('catch-up subscriptions', () => {
  it('follow a stream from its start, a revision and its end', async () => {
    const stream = newStream();
    await append(stream, 'A', 'B');
    const subscriptions = [START, 0n, END].map((fromRevision) =>
      client.subscribeToStream(stream, { fromRevision }),
    );
    const seen = [['A', 'B', 'C'], ['B', 'C'], ['C']].map(({ length }, i) =>
      follow(subscriptions[i], length),
    );
    await Promise.all(subscriptions.map((subscription) => once(subscription, 'caughtUp')));
    await append(stream, 'C');
    assert.deepEqual((await Promise.all(seen)).map(typesOf), [['A', 'B', 'C'], ['B', 'C'], ['C']]);
  });

  it('follow a stream that does not exist yet', async () => {
    const stream = newStream();
    const subscription = client.subscribeToStream(stream);
    const seen = follow(subscription, 1);
    await once(subscription, 'caughtUp');
    await append(stream, 'A');
    assert.deepEqual(typesOf(await seen), ['A']);
  });

  it('end when their stream is tombstoned', async () => {
    const stream = newStream();
    await append(stream, 'A');
    const subscription = client.subscribeToStream(stream).on('data', () => {});
    await once(subscription, 'caughtUp');
    const failed = once(subscription, 'error');
    await client.tombstoneStream(stream);
    assert.ok((await failed)[0] instanceof kurrent.StreamDeletedError);
  });

  it('follow all events behind filters, with checkpoints to resume from', async () => {
    const stream = newStream();
    const { position } = await append(stream, 'First');
    await append(`other-${stream}`, ...Array.from({ length: 40 }, (_, i) => `E${i}`));
    const checkpoints = [];
    const filter = streamNameFilter({
      prefixes: [stream],
      checkpointInterval: 1,
      maxSearchWindow: 10,
      checkpointReached: (_, at) => checkpoints.push(at),
    });
    const subscription = client.subscribeToAll({ fromPosition: position, filter });
    const seen = follow(subscription, 1);
    await once(subscription, 'caughtUp');
    await append(stream, 'Match');
    assert.deepEqual(typesOf(await seen), ['Match']);
    assert.ok(checkpoints.length >= 4);
    const resumed = client.subscribeToAll({
      fromPosition: checkpoints.at(-1),
      filter: streamNameFilter({ prefixes: [stream] }),
    });
    assert.deepEqual(typesOf(await follow(resumed, 1)), ['Match']);
  });

  it('leave out system events', async () => {
    const stream = newStream();
    const { position } = await append(stream, 'A');
    await client.setStreamMetadata(stream, { own: 1 });
    await append(stream, 'B');
    for (const filter of [excludeSystemEvents(), eventTypeFilter({ regex: '^(?!\\$)' })]) {
      const subscription = client.subscribeToAll({ fromPosition: position, filter });
      assert.deepEqual(typesOf(await follow(subscription, 1)), ['B']);
    }
  });
});

describe('persistent subscriptions to a stream', () => {
  it('are acknowledged, retried, skipped, parked and replayed', async () => {
    const [stream, group] = [newStream(), 'billing'];
    await append(stream, ...'ABCD');
    await client.createPersistentSubscriptionToStream(stream, group, settingsToStream({ startFrom: START }));
    const subscription = client.subscribeToPersistentSubscriptionToStream(stream, group, { bufferSize: 1 });
    const lines = [];
    await follow(subscription, 6, async (resolved, count) => {
      lines.push(`${resolved.event.type} ${resolved.retryCount}`);
      const actions = { 1: RETRY, 3: SKIP, 4: PARK };
      if (actions[count]) await subscription.nack(actions[count], 'because', resolved);
      else await subscription.ack(resolved);
      if (count !== 5) return;
      const info = () => client.getPersistentSubscriptionToStreamInfo(stream, group);
      await waitUntil(info, ({ stats }) => Number(stats.parkedMessageCount) === 1);
      await client.replayParkedMessagesToStream(stream, group);
    });
    assert.deepEqual(lines, ['A 0', 'A 1', 'B 0', 'C 0', 'D 0', 'C 0']);
  });

  it('are described, updated, listed and deleted', async () => {
    const [stream, group] = [newStream(), 'billing'];
    const settings = settingsToStream({
      startFrom: START,
      maxSubscriberCount: 1,
      consumerStrategyName: kurrent.ROUND_ROBIN,
    });
    await client.createPersistentSubscriptionToStream(stream, group, settings);
    await assert.rejects(
      client.createPersistentSubscriptionToStream(stream, group, settings),
      kurrent.PersistentSubscriptionExistsError,
    );
    await client.updatePersistentSubscriptionToStream(
      stream,
      group,
      settingsToStream({ maxRetryCount: 7, maxSubscriberCount: 1 }),
    );
    const info = await client.getPersistentSubscriptionToStreamInfo(stream, group);
    assert.deepEqual([info.eventSource, info.groupName, info.settings.maxRetryCount], [stream, group, 7]);
    const names = (found) => found.map(({ eventSource, groupName }) => `${eventSource}::${groupName}`);
    assert.deepEqual(names(await client.listPersistentSubscriptionsToStream(stream)), [
      `${stream}::${group}`,
    ]);
    assert.ok(names(await client.listAllPersistentSubscriptions()).includes(`${stream}::${group}`));

    const consumer = client.subscribeToPersistentSubscriptionToStream(stream, group).on('data', () => {});
    await once(consumer, 'confirmation');
    const second = client.subscribeToPersistentSubscriptionToStream(stream, group).on('data', () => {});
    assert.ok(
      (await once(second, 'error'))[0] instanceof
        kurrent.PersistentSubscriptionMaximumSubscribersReachedError,
    );

    const dropped = once(consumer, 'error');
    await client.deletePersistentSubscriptionToStream(stream, group);
    assert.ok((await dropped)[0] instanceof kurrent.PersistentSubscriptionDroppedError);
    const Missing = kurrent.PersistentSubscriptionDoesNotExistError;
    await assert.rejects(client.deletePersistentSubscriptionToStream(stream, group), Missing);
    await assert.rejects(client.getPersistentSubscriptionToStreamInfo(stream, group), Missing);
    await assert.rejects(client.replayParkedMessagesToStream(stream, group), Missing);
    await assert.rejects(client.listPersistentSubscriptionsToStream(stream), Missing);
  });
});

describe('persistent subscriptions to $all', () => {
  it('deliver behind a filter, are parked and replayed', async () => {
    const stream = newStream();
    const group = `all-${stream}`;
    await append(stream, 'A', 'B');
    await append(`other-${stream}`, 'C');
    const filter = streamNameFilter({ prefixes: [stream] });
    await client.createPersistentSubscriptionToAll(group, settingsToAll({ startFrom: START }), { filter });
    const subscription = client.subscribeToPersistentSubscriptionToAll(group);
    const seen = await follow(subscription, 3, async (resolved, count) => {
      if (count === 2) await subscription.nack(PARK, 'because', resolved);
      else await subscription.ack(resolved);
      if (count !== 2) return;
      const info = () => client.getPersistentSubscriptionToAllInfo(group);
      await waitUntil(info, ({ stats }) => Number(stats.parkedMessageCount) === 1);
      await client.replayParkedMessagesToAll(group);
    });
    assert.deepEqual(typesOf(seen), ['A', 'B', 'B']);
  });

  it('are described, updated, listed, restarted and deleted', async () => {
    const group = `all-${randomUUID()}`;
    await client.createPersistentSubscriptionToAll(group, settingsToAll());
    await client.updatePersistentSubscriptionToAll(group, settingsToAll({ maxRetryCount: 3 }));
    const info = await client.getPersistentSubscriptionToAllInfo(group);
    assert.deepEqual([info.eventSource, info.groupName, info.settings.maxRetryCount], ['$all', group, 3]);
    assert.ok((await client.listPersistentSubscriptionsToAll()).some(({ groupName }) => groupName === group));
    await client.restartPersistentSubscriptionSubsystem();
    await client.deletePersistentSubscriptionToAll(group);
    await assert.rejects(
      client.getPersistentSubscriptionToAllInfo(group),
      kurrent.PersistentSubscriptionDoesNotExistError,
    );
  });
});

describe('connecting', () => {
  it('discovers the node through gossip', async () => {
    const discovering = KurrentDBClient.connectionString(NODE_URL.replace(/^esdb/, 'kurrentdb+discover'));
    const { success } = await discovering.appendToStream(newStream(), event('Placed'), { streamState: ANY });
    assert.ok(success);
    await discovering.dispose();
  });
});
