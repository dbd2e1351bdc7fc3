export interface Row {
  readonly what: string;
  readonly measured: number;
  /** Default: `per second`. */
  readonly unit?: string;
  /** Ratio to the baseline of the same run. */
  readonly ratio?: number;
  /** Target for the ratio, or for the measured value when there is no ratio: `≥ 0.25`, `< 100`. */
  readonly target?: string;
}

/** Returns the results as an aligned table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, unit = 'per second', ratio, target }) => [
    what,
    measured.toFixed(unit === 'ms' ? 1 : 0),
    unit,
    ratio?.toFixed(2) ?? '',
    target ?? '',
  ]);
  const all = [['', 'measured', '', 'ratio', 'target'], ...cells];
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
