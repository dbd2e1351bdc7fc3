import { describe, expect, it } from 'vitest';
import { NotFound } from '../../domain/kernel/domain-error.ts';
import { EventStoreUnavailable } from '../../event-store/errors.ts';
import { isRejection, KeyReused } from '../errors.ts';
import { receive, stock } from '../testing/sample-commands.ts';
import { setUp, thrown } from '../testing/two-handlers.ts';
import { createOnce } from './create-once.ts';

function setUpCreation() {
  const { store, handler, other, commands } = setUp();
  const send = (fingerprint: string, to = handler) => {
    const request = receive(10, 'c1', { lookFrom: 0n, presumeNew: true });
    return to.handle({ ...request, context: { ...request.context, fingerprint } });
  };
  const create = (fingerprint: string, run = () => send(fingerprint)) =>
    createOnce(store, { stream: stock, fingerprint, isRejection }, run);
  return { store, handler, other, commands, send, create };
}

describe('a keyed command that creates a stream', () => {
  it('needs one append and no read', async () => {
    const { store, create } = setUpCreation();
    await create('one');

    expect(store.calls).toEqual({ appends: 1, reads: 0 });
  });

  it('returns the event that created the stream again, after further events too', async () => {
    const { handler, other, commands, send, create } = setUpCreation();
    const first = await create('one');
    await handler.handle(receive(5, 'c2'));

    expect(await create('one')).toEqual(first);
    expect(await create('one', () => send('one', other))).toEqual(first);
    expect(await commands()).toEqual(['c1', 'c2']);
  });

  it('returns that event also if the command is rejected now', async () => {
    const { create } = setUpCreation();
    const reject = () => Promise.reject(new NotFound('product', '85123A'));
    expect(await thrown(create('one', reject))).toBeInstanceOf(NotFound);
    const first = await create('one');

    expect(await create('one', reject)).toEqual(first);
  });

  it('is rejected with another payload, whether that would be rejected or not', async () => {
    const { create } = setUpCreation();
    await create('one');

    expect(await thrown(create('two'))).toBeInstanceOf(KeyReused);
    const reject = () => Promise.reject(new NotFound('product', '85123A'));
    expect(await thrown(create('two', reject))).toBeInstanceOf(KeyReused);
  });

  it('fails during an outage, without a further read', async () => {
    const { store, create } = setUpCreation();
    const outage = new EventStoreUnavailable('planned');

    expect(await thrown(create('one', () => Promise.reject(outage)))).toBe(outage);
    expect(store.calls.reads).toBe(0);
  });
});
