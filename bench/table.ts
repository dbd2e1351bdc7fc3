export interface Row {
  readonly what: string;
  readonly perSecond: number;
  /** Against the bare client in the same run. */
  readonly ratio?: number;
  readonly wanted?: number;
}

/** The results as an aligned table. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, perSecond, ratio, wanted }) => [
    what,
    perSecond.toFixed(0),
    ratio?.toFixed(2) ?? '',
    wanted?.toFixed(2) ?? '',
  ]);
  const all = [['', 'per second', 'ratio', 'wanted'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}
