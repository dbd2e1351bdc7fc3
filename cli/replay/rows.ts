import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';

const COLUMNS = ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'UnitPrice', 'CustomerID', 'Country'] as const;

/** One line of a sales file, as text, and where it stands in the file (the header is line 1). */
export type Row = Record<(typeof COLUMNS)[number], string> & { readonly line: number };

/** The file cannot be replayed: one sentence for the person who named it. */
export class NotASalesFile extends Error {
  override readonly name = 'NotASalesFile';
}

export interface SalesFile {
  readonly rows: readonly Row[];
  readonly content: Buffer;
}

/** Reads a CSV file of invoices; throws `NotASalesFile` when it is missing, unreadable or no such CSV. */
export async function readSalesFile(path: string): Promise<SalesFile> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new NotASalesFile(`${path} cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  return { rows: parseRows(path, content), content };
}

function parseRows(path: string, content: Buffer): Row[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(content, { bom: true, info: true, relaxColumnCount: true, skipEmptyLines: true });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new NotASalesFile(`${path} is not CSV: ${error.message}`);
  }
  const header = records[0]?.record ?? [];
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new NotASalesFile(
      `${path} is not a sales file: its first line lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
    );
  }
  const at = COLUMNS.map((column) => [column, header.indexOf(column)] as const);
  return records.slice(1).map(({ record, info }) => {
    const fields = Object.fromEntries(at.map(([column, index]) => [column, record[index] ?? '']));
    return { ...(fields as Record<(typeof COLUMNS)[number], string>), line: info.lines };
  });
}
