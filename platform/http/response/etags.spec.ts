import { describe, expect, it } from 'vitest';
import { entityTags, isNamedBy, partsTag, revisionIn } from './etags.ts';

const strong = (opaque: string) => ({ isWeak: false, opaque });
const weak = (opaque: string) => ({ isWeak: true, opaque });

describe('parsing the tags of a header', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"3"', [strong('3')]],
    ['W/"3"', [weak('3')]],
    ['"3", W/"4","5"', [strong('3'), weak('4'), strong('5')]],
    [', "3" ,, "4" ,', [strong('3'), strong('4')]],
    ['"a,b", "c"', [strong('a,b'), strong('c')]],
    ['""', [strong('')]],
    ['"ü"', [strong('ü')]],
  ])('%s', (header, tags) => {
    expect(entityTags(header)).toEqual(tags);
  });

  it.each([
    '',
    ',',
    '3',
    '"3',
    '3"',
    '"3" "4"',
    '"3"; "4"',
    'w/"3"',
    'W/ "3"',
    '"a b"',
    '"\u0000"',
    '*, "3"',
    '"a"b"',
  ])('%j is malformed', (header) => {
    expect(entityTags(header)).toBeUndefined();
  });
});

it.each([
  ['"3"', true],
  ['W/"3"', true],
  ['"2", W/"3"', true],
  ['*', true],
  ['"2"', false],
  ['3', false],
  ['', false],
])('If-None-Match: %s names "3": %s', (header, named) => {
  expect(isNamedBy(header, '"3"')).toBe(named);
});

describe('a tag of the revisions of several parts', () => {
  it('names the revision of each part, and none for a part that does not exist', () => {
    const tag = partsTag({ product: 3n, stock: undefined, v: 2 });
    expect(tag).toBe('"product-3.stock-none.v-2"');
    expect(entityTags(tag)).toEqual([strong('product-3.stock-none.v-2')]);
    expect(revisionIn('product-3.stock-none.v-2', 'product')).toBe(3n);
    expect(revisionIn('product-3.stock-none.v-2', 'stock')).toBe('none');
    expect(revisionIn('product-3.stock-none.v-2', 'order')).toBeUndefined();
  });

  it('a bare revision applies to any part', () => {
    expect(revisionIn('7', 'stock')).toBe(7n);
  });

  it.each(['', '-1', 'x', 'stock-', 'stock--1', 'stock-x', 'stock-12345678901234567890', 'instock-3'])(
    '%j names no revision of the stock',
    (opaque) => {
      expect(revisionIn(opaque, 'stock')).toBeUndefined();
    },
  );
});
