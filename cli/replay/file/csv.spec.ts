import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';

const cell = fc.string({ unit: fc.constantFrom('a', 'B', ' ', ',', '"', ';', 'é', '\t'), maxLength: 6 });
const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('reading CSV', () => {
  it('returns every record, for any cells, number of cells and line ends', () => {
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

  it('gives the line that each record begins on, counting empty lines', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), lineEnd)), (gaps) => {
        let line = 1;
        const expected: number[] = [];
        let text = '';
        for (const [empty, end] of gaps) {
          // A line feed after a carriage return would be one line end.
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
