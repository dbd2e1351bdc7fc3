import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { type Style, styled } from './styles.ts';
import { visible } from './visible.ts';

export interface Column<Row> {
  readonly header: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'right';
  readonly style?: (row: Row) => Style | undefined;
  /** Minimum width when the table is wider than the terminal. A column without it, such as an id, is never cut. */
  readonly shrinksTo?: number;
}

const GAP = '  ';

/** Returns the width to fit in: that of the terminal, or no limit when the output goes elsewhere. */
export const outputWidth = (): number =>
  process.stdout.isTTY ? Math.max(20, process.stdout.columns || 80) : Number.POSITIVE_INFINITY;

/**
 * Returns lines of a table. Columns that may shrink are cut, with `…`, until the table fits the width. Wide characters
 * take two cells.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width = outputWidth(), header = true } = {},
): string {
  const texts = rows.map((row) => columns.map(({ value }) => visible(String(value(row) ?? ''))));
  const shown = columns.map((_, index) => texts.some((cells) => cells[index] !== ''));
  const widths = fitted(
    columns.map((column, index) =>
      shown[index]
        ? Math.max(stringWidth(column.header), ...texts.map((cells) => stringWidth(cells[index] ?? '')))
        : 0,
    ),
    columns,
    width,
  );
  const line = (cells: readonly string[], styleOf: (index: number) => Style | undefined): string => {
    const last = shown.lastIndexOf(true);
    const padded = columns.flatMap(({ align }, index) => {
      if (!shown[index]) return [];
      const cell = cliTruncate(cells[index] ?? '', widths[index] ?? 0);
      const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - stringWidth(cell)));
      const text = styled(styleOf(index), cell);
      if (align === 'right') return [space + text];
      return [index === last ? text : text + space];
    });
    return padded.join(GAP).trimEnd();
  };
  const headers = columns.map((column) => column.header);
  return [
    ...(header ? [line(headers, () => 'bold')] : []),
    ...texts.map((cells, number) => line(cells, (index) => columns[index]?.style?.(rows[number] as Row))),
  ].join('\n');
}

/** Takes the missing cells from the widest column that may shrink, one after another. */
function fitted<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number): number[] {
  const widths = [...natural];
  const count = widths.filter((cells) => cells > 0).length;
  let excess = widths.reduce((sum, cells) => sum + cells, 0) + GAP.length * Math.max(0, count - 1) - width;
  for (; excess > 0; excess--) {
    let widest = -1;
    for (const [index, { shrinksTo }] of columns.entries()) {
      const cells = widths[index] ?? 0;
      if (shrinksTo !== undefined && cells > shrinksTo && cells > (widths[widest] ?? 0)) widest = index;
    }
    if (widest === -1) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Returns names and values, one pair in a line. Values that are undefined are left out. */
export function fields(pairs: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(0, ...given.map(([name]) => stringWidth(name)));
  return given
    .map(([name, value]) => `${styled('bold', name.padEnd(width))}  ${visible(String(value))}`)
    .join('\n');
}
