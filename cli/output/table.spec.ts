import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, fields, table } from './table.ts';
import { visible, visibleJson } from './visible.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly count: number;
}
const columns: readonly Column<Row>[] = [
  { header: 'ID', value: ({ id }) => id },
  { header: 'NAME', value: ({ name }) => name, shrinksTo: 4 },
  { header: 'COUNT', value: ({ count }) => count, align: 'right' },
];
const rows = [
  { id: 'a-1', name: '日本語の名前がとても長い商品', count: 5 },
  { id: 'b-22', name: 'Tea', count: 1_000 },
];

describe('a table', () => {
  it('aligns columns of wide characters', () => {
    expect(table(columns, rows, { width: 200 }).split('\n')).toEqual([
      'ID    NAME                          COUNT',
      'a-1   日本語の名前がとても長い商品      5',
      'b-22  Tea                            1000',
    ]);
  });

  it('cuts columns that may shrink until it fits, and never an id', () => {
    expect(table(columns, rows, { width: 24 }).split('\n')).toEqual([
      'ID    NAME         COUNT',
      'a-1   日本語の名…      5',
      'b-22  Tea           1000',
    ]);
  });

  it('leaves out columns that are empty in all rows', () => {
    expect(
      table([...columns, { header: 'NOTE', value: () => undefined }], rows, { width: 99 }),
    ).not.toContain('NOTE');
  });

  it('fits any width that its fixed columns leave, for any text', () => {
    const row = fc.record({ id: fc.constant('id'), name: fc.string({ unit: 'grapheme' }), count: fc.nat() });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 30, max: 90 }),
        (some, width) => {
          for (const line of table(columns, some, { width }).split('\n'))
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

it('fields are printed below each other, without those that are absent', () => {
  expect(fields({ order: 'o-1', 'ship to': 'Ann\nHome', reason: undefined })).toBe(
    'order    o-1\nship to  Ann\\u000aHome',
  );
});

it('a text of the server never moves the cursor or changes its direction', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may be left
      expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(JSON.parse(visibleJson(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});
