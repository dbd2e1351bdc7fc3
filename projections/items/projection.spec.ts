import { describe, expect, it } from 'vitest';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import { pounds, productCreated, reservation, stockReceived } from '../testing/events.ts';
import { bodies, differencesAfterCrashes, fold } from '../testing/fold.ts';
import { TestLog } from '../testing/log.ts';
import { levelOf } from './document.ts';
import { itemsProjection } from './projection.ts';

describe('the read model items', () => {
  it('lists a new product by its name, without stock', () => {
    const log = new TestLog();
    log.record('product-85123A', productCreated('85123A', 'Crème T'));

    expect(bodies(fold(itemsProjection, log.events))).toEqual({
      '85123A': {
        productId: '85123A',
        name: 'Crème T',
        price: { amount: 255, currency: 'GBP' },
        onHand: 0,
        reserved: 0,
        available: 0,
        revision: '0',
        walk: { sortName: 'creme t', levels: ['any:0', 'current:0'] },
      },
      'listing:85123A': {
        listed: '85123A',
        sortName: 'creme t',
        words: [
          ':any',
          ':current',
          '8',
          '85',
          '851',
          '8512',
          '85123',
          '85123a',
          'c',
          'cr',
          'cre',
          'crem',
          'creme',
          't',
        ],
      },
    });
  });

  it('updates stock that is received, reserved, released, committed and adjusted', () => {
    const log = stockStory();

    expect(bodies(fold(itemsProjection, log.events)).mug).toMatchObject({
      onHand: 5,
      reserved: 2,
      available: 3,
      revision: '3',
      stockRevision: '7',
      walk: { levels: ['any:2', 'current:2'] },
    });
  });

  it.each([
    [0, 0],
    [1, 1],
    [3, 2],
    [4, 3],
    [7, 3],
    [8, 4],
    [2 ** 52, 53],
    [2 ** 53 - 1, 53],
  ])('assigns %i units to level %i', (available, level) => {
    expect(levelOf(available)).toBe(level);
  });

  it('shows who retired a product, when and why, until it is restored', () => {
    const log = new TestLog();
    log.record('product-mug', productCreated('mug', 'Mug'));
    log.record('product-mug', {
      type: 'ProductRetired',
      data: { productId: productId('mug'), reason: 'out of season', retiredBy: 'olga' },
    });
    expect(bodies(fold(itemsProjection, log.events))).toMatchObject({
      mug: {
        retired: true,
        retirement: { reason: 'out of season', by: 'olga', at: '2026-03-01T12:00:02.000Z' },
        revision: '1',
        walk: { levels: ['any:0', 'retired:0'] },
      },
      'listing:mug': { words: [':any', ':retired', 'm', 'mu', 'mug'] },
    });

    log.record('product-mug', {
      type: 'ProductRestored',
      data: { productId: productId('mug'), restoredBy: 'otto' },
    });
    const restored = bodies(fold(itemsProjection, log.events));
    expect(restored).toMatchObject({
      mug: { name: 'Mug', revision: '2' },
      'listing:mug': { words: [':any', ':current', 'm', 'mu', 'mug'] },
    });
    expect(restored.mug).not.toHaveProperty('retired');
    expect(restored.mug).not.toHaveProperty('retirement');
  });

  it('shows description and picture until they are removed', () => {
    const log = new TestLog();
    log.record('product-mug', productCreated('mug', 'Mug'));
    const describe = (description: string | null, imageUrl: string | null) =>
      log.record('product-mug', {
        type: 'ProductDescribed',
        data: { productId: productId('mug'), description, imageUrl },
      });
    describe('Keeps tea hot.', 'https://images.example/mug.jpg');
    expect(bodies(fold(itemsProjection, log.events)).mug).toMatchObject({
      description: 'Keeps tea hot.',
      imageUrl: 'https://images.example/mug.jpg',
      revision: '1',
    });
    describe(null, null);
    const { mug } = bodies(fold(itemsProjection, log.events));
    expect(mug).toMatchObject({ revision: '2' });
    expect(mug).not.toHaveProperty('description');
    expect(mug).not.toHaveProperty('imageUrl');
  });

  it('updates the listing on a change of name, but not of price', () => {
    const log = new TestLog();
    log.record('product-mug', productCreated('mug', 'Mug'));
    log.record('product-mug', { type: 'ProductRenamed', data: { productId: productId('mug'), name: 'Cup' } });
    log.record('product-mug', {
      type: 'ProductRepriced',
      data: { productId: productId('mug'), price: pounds(300) },
    });

    const folded = fold(itemsProjection, log.events);
    expect(bodies(folded)).toMatchObject({
      mug: { name: 'Cup', price: { amount: 300, currency: 'GBP' }, revision: '2' },
      'listing:mug': { sortName: 'cup', words: [':any', ':current', 'c', 'cu', 'cup', 'm', 'mu', 'mug'] },
    });
    expect(folded.get('listing:mug')?.position).toBe(200n);
  });

  it('changes only the stock revision on a rejected reservation', () => {
    const log = stockStory();
    log.record('inventory-mug', {
      type: 'StockReservationRefused',
      data: {
        productId: productId('mug'),
        orderId: orderId('o4'),
        orderPosition: '100',
        requested: 9,
        available: 3,
        cause: 'short',
      },
    });

    const { mug: before } = bodies(fold(itemsProjection, stockStory().events));
    expect(bodies(fold(itemsProjection, log.events)).mug).toEqual({ ...before, stockRevision: '8' });
  });

  it('accepts events in any order', () => {
    expect(bodies(fold(itemsProjection, stockStory().events.toReversed())).mug).toMatchObject({
      onHand: 0,
    });
  });

  it('produces the same documents after a crash', () => {
    const { events } = stockStory();

    expect(fold(itemsProjection, events)).toEqual(fold(itemsProjection, events));
    expect(differencesAfterCrashes(itemsProjection, events)).toEqual([]);
  });
});

function stockStory(): TestLog {
  const log = new TestLog();
  log.record('product-mug', productCreated('mug', 'Mug'));
  log.record('inventory-mug', { type: 'StockOpened', data: { productId: productId('mug'), quantity: 4 } });
  log.record('inventory-mug', stockReceived('mug', 6));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o1', 4));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o2', 3));
  log.record('inventory-mug', reservation('StockReserved', 'mug', 'o3', 2));
  log.record('product-mug', {
    type: 'ProductRetired',
    data: { productId: productId('mug'), retiredBy: 'olga' },
  });
  log.record('product-mug', { type: 'ProductRenamed', data: { productId: productId('mug'), name: 'Cup' } });
  log.record('product-mug', {
    type: 'ProductRestored',
    data: { productId: productId('mug'), restoredBy: 'olga' },
  });
  log.record('inventory-mug', reservation('StockReleased', 'mug', 'o2', 3));
  log.record('inventory-mug', reservation('StockCommitted', 'mug', 'o1', 4));
  log.record('inventory-mug', {
    type: 'StockAdjusted',
    data: { productId: productId('mug'), quantity: -1, reason: 'broken' },
  });
  return log;
}
