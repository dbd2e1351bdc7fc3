import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DomainEvent } from '../../../domain/kernel/event.ts';
import type { RecordedEvent } from '../../../event-store/codec/recorded-event.ts';
import { silent } from '../../../event-store/logger.ts';
import type { Projection } from '../../projection.ts';
import { Harness } from '../testing/harness.ts';
import { ModelWriter } from './model-writer.ts';

type TextWritten = DomainEvent<'TextWritten', { readonly length: number }>;

/** One document per stream; the event says how long its text is. */
const texts: Projection<{ readonly text: string }> = {
  name: 'texts',
  version: 1,
  indexes: [],
  touches: ({ stream }) => [stream],
  evolve: (_, { stream, event }) =>
    new Map([[stream, { text: 'x'.repeat((event as TextWritten).data.length) }]]),
};

let harness: Harness;
beforeEach(() => {
  harness = new Harness();
});
afterEach(() => harness.dispose());

async function writer() {
  const generation = await (await harness.openReadStore()).generation<unknown>(texts, 1);
  const loads = vi.spyOn(generation, 'load');
  const writing = { signal: new AbortController().signal, logger: silent, isHeld: () => true };
  const model = new ModelWriter(texts, generation, undefined, [], writing);
  let commit = 0n;
  const write = async (...written: readonly (readonly [stream: string, length: number])[]) => {
    loads.mockClear();
    const events = written.map(([stream, length]): RecordedEvent => {
      commit += 1n;
      const position = { commit, prepare: commit };
      const event = { type: 'TextWritten', data: { length } };
      return { event, stream, position, id: `${commit}`, revision: commit, at: new Date(0), metadata };
    });
    expect(await model.apply(events, { commit, prepare: commit })).toBeUndefined();
    return loads.mock.calls.flatMap(([ids]) => ids);
  };
  return { write, model, generation };
}

const metadata: RecordedEvent['metadata'] = {
  $correlationId: 'text',
  $causationId: 'test',
  commandId: 'test',
  actor: { sub: 'olivia', role: 'operator' },
  schemaVersion: 1,
};

it('the model writer does not load recently written documents again', async () => {
  const { write } = await writer();
  expect(await write(['a', 10], ['b', 10])).toEqual(['a', 'b']);
  expect(await write(['b', 20], ['c', 10])).toEqual(['c']);
});

it('the model writer limits the size of its cache, however large the documents are', async () => {
  const { write } = await writer();
  await write(['a', 400_000], ['b', 400_000], ['c', 400_000]);
  expect(await write(['c', 10], ['b', 10], ['a', 10])).toEqual(['a']);
  await write(['large', 2_000_000]);
  expect(await write(['large', 10], ['c', 10])).toEqual(['large']);
});

it('the model writer does not let a checkpoint that is stored slowly overwrite a later one', async () => {
  const { write, model, generation } = await writer();
  let stored: bigint | undefined;
  let answer = () => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // Like FerretDB 1, this store compares the positions first and writes later.
  vi.spyOn(generation, 'commit').mockImplementation(async (documents, { commit }) => {
    const isBehind = stored === undefined || stored < commit;
    if (documents.length === 0) await slow;
    if (isBehind) stored = commit;
  });

  model.advance({ commit: 0n, prepare: 0n });
  const saved = model.saveCheckpoint();
  const written = write(['a', 10]);
  await nextTurn();
  answer();
  await Promise.all([saved, written]);

  expect(stored).toBe(1n);
});
