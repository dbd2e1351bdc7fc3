export interface Row {
  readonly what: string;
  readonly measured: number;
  /** `per second` when absent. */
  readonly unit?: string;
  /** Against the other side of the same run. */
  readonly ratio?: number;
  /** Of the ratio, or of what is measured where there is none: `≥ 0.25`, `< 100`. */
  readonly wanted?: string;
}

/** The results as an aligned table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, unit = 'per second', ratio, wanted }) => [
    what,
    measured.toFixed(unit === 'ms' ? 1 : 0),
    unit,
    ratio?.toFixed(2) ?? '',
    wanted ?? '',
  ]);
  const all = [['', 'measured', '', 'ratio', 'wanted'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number) => column === 0 || column === 2;
  return all
    .map((row) =>
      row
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
