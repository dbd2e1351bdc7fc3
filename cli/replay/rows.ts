import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';

const COLUMNS = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

/** One line of a sales file, as text, and where it stands in the file (the header is line 1). */
export type Row = Record<(typeof COLUMNS)[number], string> & { readonly line: number };

/** The file cannot be replayed: one sentence for the person who named it. */
export class NotASalesFile extends Error {
  override readonly name = 'NotASalesFile';
}

/** A line that says nothing we can use, and why. */
export interface BadRow {
  readonly line: number;
  readonly problem: string;
}

export interface SalesFile {
  readonly rows: readonly Row[];
  readonly bad: readonly BadRow[];
  readonly content: Buffer;
}

/** Reads a CSV file of invoices; throws `NotASalesFile` when it is missing, unreadable or no such CSV. */
export async function readSalesFile(path: string): Promise<SalesFile> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new NotASalesFile(
      `${path} cannot be read: ${error.code === 'ENOENT' ? 'no such file' : error.message}`,
    );
  });
  return { ...parseRows(path, content), content };
}

function parseRows(path: string, content: Buffer): Omit<SalesFile, 'content'> {
  const bad: BadRow[] = [];
  const records = parseCsv(path, content, bad);
  const header = records[0]?.record ?? [];
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new NotASalesFile(`${path} is not a sales file: its first line lacks ${missing.join(', ')}`);
  }
  const at = COLUMNS.map((column) => [column, header.indexOf(column)] as const);
  const rows = records.slice(1).map(({ record, line }) => {
    const fields = Object.fromEntries(at.map(([column, index]) => [column, record[index] ?? '']));
    return { ...(fields as Record<(typeof COLUMNS)[number], string>), line };
  });
  return { rows, bad };
}

interface CsvRecord {
  readonly record: string[];
  /** Where it begins. */
  readonly line: number;
}

/** A line with a quote that is never closed is bad, and the only one that is lost to it. */
function parseCsv(path: string, content: Buffer, bad: BadRow[]): CsvRecord[] {
  const records: CsvRecord[] = [];
  let rest: string | Buffer = content;
  for (let line = 1; ; ) {
    const { parsed, unclosed } = parseUpToUnclosed(path, rest);
    for (const { record, raw } of parsed) {
      records.push({ record, line: line + emptyLinesBefore(raw) });
      line += lineEnds(raw);
    }
    if (unclosed === undefined) return records;
    line += emptyLinesBefore(unclosed);
    bad.push({ line, problem: 'a quote is never closed' });
    rest = unclosed.replace(/^[\r\n]*[^\r\n]*(?:\r\n|\r|\n)?/, '');
    line++;
  }
}

/** The records, each with its text; `unclosed` is the rest of the file from where one begins of which a quote is never closed. */
function parseUpToUnclosed(path: string, content: string | Buffer) {
  let unclosed: string | undefined;
  try {
    const parsed = parse(content, {
      bom: true,
      raw: true,
      relaxColumnCount: true,
      relaxQuotes: true,
      skipEmptyLines: true,
      skipRecordsWithError: true,
      onSkip: (error) => {
        unclosed = String(error?.raw ?? '');
        return undefined;
      },
    }) as unknown as { record: string[]; raw: string }[];
    return { parsed, unclosed };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new NotASalesFile(`${path} is not CSV: ${error.message}`);
  }
}

const lineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
const emptyLinesBefore = (raw: string): number => lineEnds(/^[\r\n]*/.exec(raw)?.[0] ?? '');
