import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidEvent, NewerEventVersion, UndecodableEvent } from '../errors.ts';
import { Codec, type StoredEvent } from './codec.ts';
import { EventRegistry } from './registry.ts';

const PriceSet = {
  type: 'PriceSet',
  version: 2,
  schema: z.strictObject({ amount: z.int(), currency: z.string() }),
};
const inPounds = {
  type: 'PriceSet',
  from: 1,
  upcast: (data: unknown) => ({ ...z.object({ amount: z.int() }).parse(data), currency: 'GBP' }),
};
const codec = new Codec(new EventRegistry([PriceSet], [inPounds]));

const position = { commit: 7n, prepare: 7n };
const id = '5b4f3a8e-7c1d-4f0a-9a53-0d9d2b1c6e11';
const stored = (changes: Partial<StoredEvent> = {}): StoredEvent => ({
  id,
  type: 'PriceSet',
  streamId: 'product-85123A',
  revision: 3n,
  position,
  created: new Date('2010-12-01T08:26:00.000Z'),
  isJson: true,
  data: { amount: 255, currency: 'GBP' },
  metadata: { schemaVersion: 2 },
  ...changes,
});
const metadata = {
  $correlationId: 'story',
  $causationId: 'cause',
  commandId: 'command',
  actor: { sub: 'olivia', role: 'operator' },
} as const;
const priceSet = (amount: number) => ({
  event: { type: 'PriceSet', data: { amount, currency: 'GBP' } },
  metadata,
});
const dataOf = (changes: Partial<StoredEvent>) => {
  const decoded = codec.decode(stored(changes));
  return decoded.kind === 'event' ? decoded.recorded.event.data : undefined;
};
const metadataOf = (written: unknown) => {
  const decoded = codec.decode(stored({ metadata: written }));
  return decoded.kind === 'event' ? decoded.recorded.metadata : undefined;
};
const reasonOf = (changes: Partial<StoredEvent>) => {
  try {
    codec.decode(stored(changes));
    return undefined;
  } catch (error) {
    return error instanceof UndecodableEvent ? error.reason : error;
  }
};

describe('an encoded event', () => {
  it('has the version of its schema and the size that the server counts', () => {
    const withVersion = JSON.stringify({ ...metadata, schemaVersion: 2 });
    expect(codec.encode('product-85123A', [priceSet(255)])[0]).toMatchObject({
      type: 'PriceSet',
      data: '{"amount":255,"currency":"GBP"}',
      metadata: withVersion,
      bytes: 31 + withVersion.length + 2 * 'PriceSet'.length,
    });
  });

  it('has the same id only for the same command, stream, index and content', () => {
    const idOf = (stream: string, amount: number, commandId = 'command') => {
      const event = { ...priceSet(amount), metadata: { ...metadata, commandId } };
      return codec.encode(stream, [event])[0]?.id;
    };
    const first = idOf('product-1', 255);

    expect(idOf('product-1', 255)).toBe(first);
    expect(
      new Set([first, idOf('product-2', 255), idOf('product-1', 256), idOf('product-1', 255, 'other')]).size,
    ).toBe(4);
  });

  it('has the same id alone as in an append with events of other commands', () => {
    const other = { ...priceSet(1), metadata: { ...metadata, commandId: 'other' } };
    const [alone] = codec.encode('product-1', [priceSet(255)]);

    expect(codec.encode('product-1', [other, priceSet(255)])[1]?.id).toBe(alone?.id);
  });

  it('has another id than an equal event of the same command', () => {
    const [first, second] = codec.encode('product-1', [priceSet(255), priceSet(255)]);

    expect(first?.id).not.toBe(second?.id);
  });

  it('is rejected when it does not fit its definition, or has none', () => {
    expect(() => codec.encode('product-1', [priceSet(2.5)])).toThrow(InvalidEvent);
    expect(() => codec.encode('product-1', [{ event: { type: 'Unheard', data: {} }, metadata }])).toThrow(
      InvalidEvent,
    );
  });

  it('is rejected when JSON cannot represent it', () => {
    const event = { type: 'PriceSet', data: { amount: 255n, currency: 'GBP' } };

    expect(() => codec.encode('product-1', [{ event, metadata }])).toThrow(InvalidEvent);
  });
});

describe('a decoded event', () => {
  it('is upcasted to the current version', () => {
    expect(dataOf({ data: { amount: 255 }, metadata: { schemaVersion: 1 } })).toEqual({
      amount: 255,
      currency: 'GBP',
    });
  });

  it('is returned as unknown when its type is not defined', () => {
    expect(codec.decode(stored({ type: 'ByHand' }))).toEqual({
      kind: 'unknown',
      type: 'ByHand',
      stream: 'product-85123A',
      revision: 3n,
      position,
    });
  });

  it('is rejected when its version is newer than that of the program', () => {
    expect(() => codec.decode(stored({ metadata: { schemaVersion: 3 } }))).toThrow(NewerEventVersion);
  });

  it.each<[string, Partial<StoredEvent>, string]>([
    ['is not JSON', { isJson: false, data: new Uint8Array([1]) }, 'it is not JSON'],
    ['is malformed JSON', { data: '{"amount": ' }, 'expected object'],
    ['lacks a field', { data: { amount: 255 } }, 'currency'],
    ['cannot be upcasted', { data: {}, metadata: { schemaVersion: 1 } }, 'amount'],
  ])('is rejected with stream, revision and reason when it %s', (_what, changes, reason) => {
    expect(reasonOf(changes)).toContain(reason);
    expect(() => codec.decode(stored(changes))).toThrow('product-85123A@3');
  });
});

describe('the metadata of an event that is read', () => {
  const filledIn = {
    $correlationId: '85123A',
    $causationId: id,
    commandId: id,
    actor: { sub: 'unknown', role: 'system' },
    schemaVersion: 2,
  };

  it.each<[string, unknown]>([
    ['is missing', undefined],
    ['is not JSON', new Uint8Array([1, 2])],
    ['is a list', [1, 2]],
    ['is null', null],
    ['is of another program', { user: 'x', schemaVersion: 'two', actor: 'me', $correlationId: 7 }],
    ['has an invalid version', { schemaVersion: 0 }],
  ])('gets defaults when it %s', (_what, written) => {
    expect(metadataOf(written)).toEqual(filledIn);
  });

  it('is kept when it is complete', () => {
    const full = { ...metadata, schemaVersion: 2, requestId: 'r', traceparent: 't', fingerprint: 'f' };

    expect(metadataOf(full)).toEqual(full);
  });
});
