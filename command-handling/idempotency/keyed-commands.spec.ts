import { describe, expect, it } from 'vitest';
import { NotFound } from '../../domain/kernel/domain-error.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { requestStream } from '../../event-catalogue/streams.ts';
import { AppendOutcomeUnknown } from '../../event-store/errors.ts';
import { collect } from '../../event-store/testing/collect.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../event-store/testing/in-memory-event-store.ts';
import { createCommandHandler } from '../create-command-handler.ts';
import { KeyReused } from '../errors.ts';
import { open, receive, stock } from '../testing/sample-commands.ts';
import { keyHash } from './idempotency-key.ts';
import { KeyedCommands, type KeyedRequest } from './keyed-commands.ts';
import type { Intent } from './request-record.ts';

const scope = { sub: 'olivia', method: 'POST', path: '/api/v1/inventory/items/85123A/receipts' };
const request: KeyedRequest = { scope, key: 'k1', fingerprint: 'one', target: stock };
const record = requestStream(keyHash(request));

/** A process: its own connection, handler and keys. */
function processOn(store: InMemoryEventStore) {
  const handler = createCommandHandler({ store });
  const keyed = new KeyedCommands(store);
  const runs: Intent[] = [];
  const receiveTen = async (keyed: Intent) => {
    runs.push(keyed);
    const { commandId, lookFrom, fingerprint } = keyed;
    const plain = receive(10, commandId, { lookFrom });
    const { revision } = await handler.handle({ ...plain, context: { ...plain.context, fingerprint } });
    return { productId: '85123A', revision: String(revision) };
  };
  return { store, handler, once: keyed.once.bind(keyed), runs, receiveTen };
}
const setUp = () => {
  const store = createInMemoryEventStore({ catalogue });
  return { one: processOn(store), two: processOn(store.connectAgain()) };
};
const received = async (store: InMemoryEventStore) => (await collect(store.read(stock))).length;
const recorded = async (store: InMemoryEventStore) =>
  (await collect(store.read(record))).map(({ event }) => event.type);
const thrown = (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);
const notFound = async (): Promise<never> => {
  throw new NotFound('product', '85123A');
};

describe('a keyed request', () => {
  it('runs once; later it gets the recorded response', async () => {
    const { one } = setUp();
    const first = await one.once(request, one.receiveTen);
    await one.handler.handle(receive(5, 'other'));

    const again = await one.once(request, one.receiveTen);

    expect(first).toEqual({ productId: '85123A', revision: '0' });
    expect(again).toEqual(first);
    expect(one.runs).toHaveLength(1);
    expect(await received(one.store)).toBe(2);
  });

  it('gets the recorded response from another process too', async () => {
    const { one, two } = setUp();
    const first = await one.once(request, one.receiveTen);

    expect(await two.once(request, two.receiveTen)).toEqual(first);
    expect(two.runs).toHaveLength(0);
  });

  it('keeps its response also if it changed nothing', async () => {
    const { one } = setUp();
    const response = async () => {
      const { events, revision } = await one.handler.handle(open(10, 'c1'));
      return { changed: events.length, revision: String(revision) };
    };
    await one.handler.handle(open(3, 'c0'));
    const first = await one.once(request, response);
    await one.handler.handle(receive(5, 'c2'));

    expect(first).toEqual({ changed: 0, revision: '0' });
    expect(await one.once(request, response)).toEqual(first);
  });

  it('searches the target stream from its revision at the time of acceptance', async () => {
    const { one } = setUp();
    await one.handler.handle(receive(1, 'c1'));
    await one.handler.handle(receive(2, 'c2'));

    await one.once(request, one.receiveTen);

    expect(one.runs[0]?.lookFrom).toBe(2n);
    expect(await recorded(one.store)).toEqual(['RequestAccepted', 'RequestAnswered']);
  });

  it('gets the same JSON for the first request as for later ones', async () => {
    const { one } = setUp();
    const first = await one.once(request, async () => JSON.parse('{"a":1}'));

    expect(await one.once(request, async () => null)).toEqual(first);
  });

  it('is rejected with another payload', async () => {
    const { one, two } = setUp();
    await one.once(request, one.receiveTen);

    expect(await thrown(one.once({ ...request, fingerprint: 'two' }, one.receiveTen))).toBeInstanceOf(
      KeyReused,
    );
    expect(await thrown(two.once({ ...request, fingerprint: 'two' }, two.receiveTen))).toBeInstanceOf(
      KeyReused,
    );
    expect(await received(one.store)).toBe(1);
  });

  it('differs from a request of another caller with the same key', async () => {
    const { one } = setUp();
    await one.once(request, one.receiveTen);
    await one.once({ ...request, scope: { ...scope, sub: 'oscar' }, fingerprint: 'two' }, one.receiveTen);

    expect(await received(one.store)).toBe(2);
  });
});

describe('duplicates of a request in flight', () => {
  it('get the same response in one process', async () => {
    const { one } = setUp();

    const [first, second] = await Promise.all([
      one.once(request, one.receiveTen),
      one.once(request, one.receiveTen),
    ]);

    expect(second).toEqual(first);
    expect(one.runs).toHaveLength(1);
  });

  it('are rejected with another payload', async () => {
    const { one } = setUp();

    const [, second] = await Promise.all([
      one.once(request, one.receiveTen),
      thrown(one.once({ ...request, fingerprint: 'two' }, one.receiveTen)),
    ]);

    expect(second).toBeInstanceOf(KeyReused);
  });

  it('run once and get the same response in two processes', async () => {
    const { one, two } = setUp();
    await one.handler.handle(receive(1, 'c0'));

    const [first, second] = await Promise.all([
      one.once(request, one.receiveTen),
      two.once(request, two.receiveTen),
    ]);

    expect(second).toEqual(first);
    expect(await received(one.store)).toBe(2);
  });

  it('get the response that was recorded first if they ran in two processes with different results', async () => {
    const { one, two } = setUp();
    const slow = async () => {
      await two.once(request, async () => ({ by: 'two' }));
      return { by: 'one' };
    };

    expect(await one.once(request, slow)).toEqual({ by: 'two' });
    expect(await one.once(request, slow)).toEqual({ by: 'two' });
  });

  it('get the response of the one that succeeded if the other was rejected', async () => {
    const { one, two } = setUp();
    const overtaken = async () => {
      await two.once(request, two.receiveTen);
      return notFound();
    };

    expect(await one.once(request, overtaken)).toEqual({ productId: '85123A', revision: '0' });
  });

  it('keep the response of the one that succeeds after the other was rejected', async () => {
    const { one, two } = setUp();
    const afterRefusal = async (keyed: Intent) => {
      await thrown(two.once(request, notFound));
      return one.receiveTen(keyed);
    };

    const first = await one.once(request, afterRefusal);

    expect(await recorded(one.store)).toEqual(['RequestAccepted', 'RequestRefused', 'RequestAnswered']);
    expect(await two.once(request, two.receiveTen)).toEqual(first);
    expect(await received(one.store)).toBe(1);
  });
});

describe('the rejection of a command with an idempotency key', () => {
  it('is not recorded and frees the key, also for another payload', async () => {
    const { one } = setUp();
    expect(await thrown(one.once(request, notFound))).toBeInstanceOf(NotFound);

    await one.once({ ...request, fingerprint: 'two' }, one.receiveTen);

    expect(await received(one.store)).toBe(1);
    expect(await recorded(one.store)).toEqual([
      'RequestAccepted',
      'RequestRefused',
      'RequestAccepted',
      'RequestAnswered',
    ]);
  });

  it('keeps the command id for the same payload, and changes it for another one', async () => {
    const { one } = setUp();
    const ids: string[] = [];
    const reject = async ({ commandId }: Intent) => {
      ids.push(commandId);
      return notFound();
    };
    await thrown(one.once(request, reject));
    await thrown(one.once(request, reject));
    await thrown(one.once({ ...request, fingerprint: 'two' }, reject));

    expect(new Set(ids).size).toBe(2);
    expect(ids[1]).toBe(ids[0]);
  });

  it('of one attempt does not let a third attempt run the command while a second one runs it', async () => {
    const { one, two } = setUp();
    const three = processOn(one.store.connectAgain());
    const overtaken = async (keyed: Intent) => {
      await thrown(two.once(request, notFound));
      await three.once(request, three.receiveTen);
      return one.receiveTen(keyed);
    };

    expect(await one.once(request, overtaken)).toEqual({ productId: '85123A', revision: '0' });
    expect(await received(one.store)).toBe(1);
  });
});

describe('a failure between acceptance and response', () => {
  it('finds the events of a command whose response was lost', async () => {
    const { one, two } = setUp();
    one.store.failNextAppend('answer-lost', stock);
    expect(await thrown(one.once(request, one.receiveTen))).toBeInstanceOf(AppendOutcomeUnknown);
    await two.handler.handle(receive(1, 'other'));

    const response = await two.once(request, two.receiveTen);

    expect(response).toEqual({ productId: '85123A', revision: '0' });
    expect(await received(one.store)).toBe(2);
  });

  it('runs a command whose append was lost', async () => {
    const { one } = setUp();
    one.store.failNextAppend('request-lost', stock);
    await thrown(one.once(request, one.receiveTen));

    await one.once(request, one.receiveTen);

    expect(await received(one.store)).toBe(1);
  });

  it('reserves the key for the payload whose acceptance may have been recorded', async () => {
    const { one, two } = setUp();
    one.store.failNextAppend('answer-lost', record);
    await thrown(one.once(request, one.receiveTen));

    expect(await thrown(two.once({ ...request, fingerprint: 'two' }, two.receiveTen))).toBeInstanceOf(
      KeyReused,
    );
    await two.once(request, two.receiveTen);
    expect(await received(one.store)).toBe(1);
  });

  it('sends no response that could not be recorded; the next request gets it', async () => {
    const { one, two } = setUp();
    const crash = async (keyed: Intent) => {
      const response = await one.receiveTen(keyed);
      one.store.failNextAppend('request-lost', record);
      return response;
    };
    expect(await thrown(one.once(request, crash))).toBeInstanceOf(AppendOutcomeUnknown);

    expect(await two.once(request, two.receiveTen)).toEqual({ productId: '85123A', revision: '0' });
    expect(await received(one.store)).toBe(1);
  });
});
