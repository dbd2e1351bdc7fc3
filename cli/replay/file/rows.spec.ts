import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotASalesFile } from '../../errors.ts';
import type { Encoding } from './decode.ts';
import { readSalesFile } from './rows.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID,Country';

describe('reading a sales file', () => {
  let folder: string;
  let files = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderstream-rows-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (content: string | Buffer) => {
    const path = join(folder, `${files++}.csv`);
    await writeFile(path, content);
    return path;
  };
  const read = async (content: string | Buffer, encoding?: Encoding) =>
    readSalesFile(await file(content), encoding);

  it('returns rows with their line numbers, and cells with quotes and commas', async () => {
    const { rows, bad } = await read(
      `${HEADER}\n1,22000,"A, B ""C""",1,2.5,17850,UK\n\n2,22001,12" PLATE,1,2.5,,UK\n`,
    );
    expect(rows.map(({ line, Description, CustomerID }) => [line, Description, CustomerID])).toEqual([
      [2, 'A, B "C"', '17850'],
      [4, '12" PLATE', ''],
    ]);
    expect(bad).toEqual([]);
  });

  it.each([
    ['CRLF in the header, LF below', `${HEADER}\r\n1,22000,A,1,2,,UK\n2,22001,B,1,2,,UK\n`],
    ['LF in the header, CRLF below', `${HEADER}\n1,22000,A,1,2,,UK\r\n2,22001,B,1,2,,UK\r\n`],
    ['CR alone', `${HEADER}\r1,22000,A,1,2,,UK\r2,22001,B,1,2,,UK`],
    ['all three in one file', `${HEADER}\r1,22000,A,1,2,,UK\r\n2,22001,B,1,2,,UK\n`],
    ['a byte order mark', `\uFEFF${HEADER}\n1,22000,A,1,2,,UK\n2,22001,B,1,2,,UK\n`],
    ['quoted header names', `"InvoiceNo",${HEADER.slice(10)}\n1,22000,A,1,2,,UK\n2,22001,B,1,2,,UK\n`],
  ])('reads each record of a file with %s', async (_, content) => {
    const { rows, bad } = await read(content);
    expect(rows.map(({ line, StockCode, Country }) => [line, StockCode, Country])).toEqual([
      [2, '22000', 'UK'],
      [3, '22001', 'UK'],
    ]);
    expect(bad).toEqual([]);
  });

  it('names rows with fewer or more cells than the header, and keeps the rows around them', async () => {
    const { rows, bad } = await read(
      `${HEADER}\n1,40002A,BOX OF 6,12,2,2.50,501,UK\n2,40003A,SHORT,3,2.50\n3,40003A,GOOD,1,2.50,503,UK\n`,
    );
    expect(rows).toMatchObject([{ line: 4, InvoiceNo: '3' }]);
    expect(bad).toEqual([
      { line: 2, reason: 'it has 8 cells, the header 7 cells' },
      { line: 3, reason: 'it has 5 cells, the header 7 cells' },
    ]);
  });

  it('names a record whose quoted cell spans lines, with those lines', async () => {
    const { rows, bad } = await read(
      `${HEADER}\n1,22000,"A\n2,22001,B,1,2,,UK\n3,22002,C",1,2,,UK\n4,22003,D,1,2,,UK\n`,
    );
    expect(rows.map(({ line }) => line)).toEqual([5]);
    expect(bad).toEqual([{ line: 2, reason: 'a quoted cell spans lines 2 to 4' }]);
  });

  it.each(['\n', '\r\n', '\r'])(
    'loses one line to a quote that is never closed, lines ending in %j',
    async (end) => {
      const lines = [HEADER, '1,22000,A,1,2,,UK', '', '2,22001,"C,1,2,,UK', '', '3,22002,D,1,2,,UK'];
      for (const content of [lines.join(end), `${lines.join(end)}${end}`]) {
        const { rows, bad } = await read(content);
        expect(rows.map(({ line, StockCode }) => [line, StockCode])).toEqual([
          [2, '22000'],
          [6, '22002'],
        ]);
        expect(bad).toEqual([{ line: 4, reason: 'a quote is never closed' }]);
      }
    },
  );

  it('reads a file in windows-1252', async () => {
    const latin = Buffer.from(`${HEADER}\n1,40004A,CAF\xC9 CUP \xA31,1,2.50,501,UK\n`, 'latin1');
    const { rows } = await read(latin, 'windows-1252');
    expect(rows).toMatchObject([{ Description: 'CAFÉ CUP £1' }]);
  });

  const bytes = (text: string) => Buffer.from(text, 'latin1');
  it.each([
    ['a file that does not exist', async () => join(folder, 'nowhere.csv'), /no such file/],
    ['a folder', async () => folder, /cannot be read/],
    ['an empty file', () => file(''), /lacks InvoiceNo/],
    ['bytes that are no text', () => file(Buffer.from([0, 1, 2, 255])), /byte 4, on line 1, is 0xFF/],
    ['another table', () => file('a,b\n1,2\n'), /lacks InvoiceNo, StockCode/],
    ['a column twice', () => file(`${HEADER},Quantity\n`), /its first line has Quantity twice/],
    ['semicolons', () => file(`${HEADER.replaceAll(',', ';')}\n`), /separated by ";"; a comma is allowed/],
    ['tabs', () => file(`${HEADER.replaceAll(',', '\t')}\n`), /separated by "\\t"; a comma is allowed/],
    ['UTF-16', () => file(Buffer.from(`\uFEFF${HEADER}\n`, 'utf16le')), /is UTF-16: save it as UTF-8/],
    [
      'windows-1252 that is read as UTF-8',
      () => file(bytes(`${HEADER}\r\n1,40004A,CAF\xC9 CUP,1,2.50,501,UK\r\n`)),
      /byte 84, on line 2, is 0xC9; save it as UTF-8, or give --encoding windows-1252/,
    ],
  ])('rejects %s in one sentence', async (_, path, message) => {
    const reading = readSalesFile(await path());
    await expect(reading).rejects.toThrow(NotASalesFile);
    await expect(reading).rejects.toThrow(message);
  });
});
