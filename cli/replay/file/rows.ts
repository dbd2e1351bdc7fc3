import { readFile } from 'node:fs/promises';
import { NotASalesFile } from '../../errors.ts';
import { CsvError, readCsv } from './csv.ts';
import { decode, type Encoding, NotThisEncoding } from './decode.ts';

const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** One record of a sales file, as text, and the line it begins on (the header is line 1). */
export type Row = Record<(typeof COLUMNS)[number], string> & { readonly line: number };

/** A line that is skipped or bad, and why. */
export interface NamedRow {
  readonly line: number;
  readonly reason: string;
}

export interface SalesFile {
  readonly rows: readonly Row[];
  readonly bad: readonly NamedRow[];
}

/** Reads a CSV file of invoices. Throws `NotASalesFile` when it is missing, unreadable or not such a CSV file. */
export async function readSalesFile(path: string, encoding: Encoding = 'utf-8'): Promise<SalesFile> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new NotASalesFile(
      `${path} cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}`,
    );
  });
  try {
    return parseRows(path, decode(content, encoding));
  } catch (error) {
    if (error instanceof NotThisEncoding) throw new NotASalesFile(`${path} ${error.message}`);
    if (error instanceof CsvError) throw new NotASalesFile(`${path} is not CSV: ${error.message}`);
    throw error;
  }
}

function parseRows(path: string, text: string): SalesFile {
  const { records, unclosed } = readCsv(text);
  const [header, ...others] = records;
  const names = header?.cells ?? [];
  checkHeader(path, names);
  const bad: NamedRow[] = unclosed.map((line) => ({ line, reason: 'a quote is never closed' }));
  const rows: Row[] = [];
  for (const { cells, line, lastLine } of others) {
    if (lastLine > line) bad.push({ line, reason: `a quoted cell spans lines ${line} to ${lastLine}` });
    else if (cells.length !== names.length)
      bad.push({
        line,
        reason: `it has ${count(cells.length, 'cell')}, the header ${count(names.length, 'cell')}`,
      });
    else {
      const fields = Object.fromEntries(
        COLUMNS.map((column) => [column, cells[names.indexOf(column)] ?? '']),
      );
      rows.push({ ...(fields as Record<(typeof COLUMNS)[number], string>), line });
    }
  }
  return { rows, bad };
}

function checkHeader(path: string, names: readonly string[]): void {
  const missing = COLUMNS.filter((column) => !names.includes(column));
  const separator = [';', '\t', '|'].find((mark) => names.some((name) => name.includes(`InvoiceNo${mark}`)));
  if (separator !== undefined) {
    throw new NotASalesFile(
      `${path} is not a sales file: its cells are separated by ${JSON.stringify(separator)}; a comma is allowed`,
    );
  }
  if (missing.length > 0) {
    throw new NotASalesFile(`${path} is not a sales file: its first line lacks ${missing.join(', ')}`);
  }
  const twice = COLUMNS.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice) throw new NotASalesFile(`${path} is not a sales file: its first line has ${twice} twice`);
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
