import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotASalesFile, readSalesFile } from './rows.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID,Country';

describe('reading a sales file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orderstream-rows-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const file = async (content: string | Buffer) => {
    const path = join(folder, `${Math.random()}.csv`);
    await writeFile(path, content);
    return path;
  };

  it('reads rows with the line they stand on, quotes and commas included', async () => {
    const path = await file(
      `${HEADER}\n1,22000,"A, B ""C""",1,2.5,17850,UK\n\n2,22001,12" PLATE,1,2.5,,UK\n`,
    );
    const { rows } = await readSalesFile(path);
    expect(rows.map(({ line, Description, CustomerID }) => [line, Description, CustomerID])).toEqual([
      [2, 'A, B "C"', '17850'],
      [4, '12" PLATE', ''],
    ]);
  });

  it('keeps a row that is too short, for the plan to name', async () => {
    const { rows } = await readSalesFile(await file(`${HEADER}\n1,22000\n`));
    expect(rows).toMatchObject([{ line: 2, StockCode: '22000', Quantity: '' }]);
  });

  it.each(['\n', '\r\n'])(
    'loses one line to a quote that is never closed, lines ending in %j',
    async (end) => {
      const lines = [HEADER, '1,22000,"A', 'B",1,2,,UK', '', '2,22001,"C,1,2,,UK', '', '3,22002,D,1,2,,UK'];
      for (const content of [lines.join(end), `${lines.join(end)}${end}`]) {
        const { rows, bad } = await readSalesFile(await file(content));
        expect(rows.map(({ line, StockCode }) => [line, StockCode])).toEqual([
          [2, '22000'],
          [7, '22002'],
        ]);
        expect(bad).toEqual([{ line: 5, problem: 'a quote is never closed' }]);
      }
    },
  );

  it.each([
    ['a file that is not there', async () => join(folder, 'nowhere.csv'), /no such file/],
    ['a folder', async () => folder, /cannot be read/],
    ['an empty file', () => file(''), /lacks InvoiceNo/],
    ['something else', () => file(Buffer.from([0, 1, 2, 255])), /lacks InvoiceNo/],
    ['another table', () => file('a,b\n1,2\n'), /lacks InvoiceNo, StockCode/],
  ])('refuses %s in one sentence', async (_, path, message) => {
    const reading = readSalesFile(await path());
    await expect(reading).rejects.toThrow(NotASalesFile);
    await expect(reading).rejects.toThrow(message);
  });
});
