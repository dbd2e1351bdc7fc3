import { CsvError, parse } from 'csv-parse/sync';

/** A record of a CSV file and its first and last line (the first line of the file is 1). */
interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
  readonly lastLine: number;
}

/** The records of a CSV file, and the lines that begin a quoted cell which is never closed: only these lines are lost. */
interface CsvFile {
  readonly records: readonly CsvRecord[];
  readonly unclosed: readonly number[];
}

/** Splits CSV text into records. Lines end in CRLF, LF or CR, also mixed; empty lines are ignored. Throws `CsvError`. */
export function readCsv(text: string): CsvFile {
  const records: CsvRecord[] = [];
  const unclosed: number[] = [];
  for (let line = 1, rest: string | undefined = text; rest !== undefined; ) {
    const { parsed, left } = parseUpToUnclosed(rest);
    for (const { record, raw } of parsed) {
      const first = line + emptyLinesBefore(raw);
      line += lineEnds(raw);
      records.push({ cells: record, line: first, lastLine: first + lineEnds(raw.trim()) });
    }
    if (left === undefined) break;
    line += emptyLinesBefore(left);
    unclosed.push(line);
    line++;
    rest = left.replace(/^[\r\n]*[^\r\n]*(?:\r\n|\r|\n)?/, '');
  }
  return { records, unclosed };
}

/** Parses up to a quote that is never closed; `left` is the text from the start of that record. */
function parseUpToUnclosed(text: string) {
  let left: string | undefined;
  const parsed = parse(text, {
    raw: true,
    recordDelimiter: ['\r\n', '\n', '\r'],
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    skipRecordsWithError: true,
    onSkip: (error) => {
      if (error?.code !== 'CSV_QUOTE_NOT_CLOSED') throw error ?? new Error('a record was skipped');
      left = String(error.raw ?? '');
      return undefined;
    },
  }) as unknown as { record: string[]; raw: string }[];
  return { parsed, left };
}

export { CsvError };

const lineEnds = (text: string): number => text.match(/\r\n|\r|\n/g)?.length ?? 0;
const emptyLinesBefore = (raw: string): number => lineEnds(/^[\r\n]*/.exec(raw)?.[0] ?? '');
