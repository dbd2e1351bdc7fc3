import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const cell = fc.string({ unit: fc.constantFrom('a', 'B', ' ', ',', '"', ';', 'é', '\t'), maxLength: 6 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('reading CSV', () => {
  it('returns every record, whatever its cells, its number of cells and its line ends', () => {
    const record = fc.tuple(fc.array(cell, { minLength: 2, maxLength: 5 }), lineEnd);
    fc.assert(
      fc.property(fc.array(record), (records) => {
        const text = records.map(([cells, end]) => cells.map(quoted).join(',') + end).join('');
        const { records: read, unclosed } = readCsv(text);
        expect(read.map(({ cells }) => cells)).toEqual(records.map(([cells]) => cells));
        expect(unclosed).toEqual([]);
      }),
    );
  });

  it('tells the line that each record begins on, empty lines counted', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), lineEnd)), (gaps) => {
        let line = 1;
        const expected: number[] = [];
        let text = '';
        for (const [empty, end] of gaps) {
          // A line feed after a carriage return would make one line end of the two.
          const before = end === '\n' && text.endsWith('\r') ? '\r\n' : end;
          text += before.repeat(empty);
          line += empty;
          expected.push(line++);
          text += `a,b${end}`;
        }
        expect(readCsv(text).records.map((record) => record.line)).toEqual(expected);
      }),
    );
  });
});
