import { openCli, type ServerOptions } from '../cli.ts';
import { statusStyle } from '../output/styles.ts';
import { type Column, table } from '../output/table.ts';

/** A read model, as the query API lists it. */
export interface Projection {
  readonly name: string;
  readonly generation: number;
  readonly position: string | null;
  readonly lagMs: number;
  readonly status: string;
  readonly error?: { readonly stream: string; readonly revision: string; readonly reason: string };
}

/** Columns of a list of read models. */
export const projectionColumns: readonly Column<Projection>[] = [
  { header: 'READ MODEL', value: ({ name }) => name },
  { header: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  { header: 'LAG', value: ({ lagMs }) => describeLag(lagMs), align: 'right' },
  { header: 'POSITION', value: ({ position }) => position ?? '', align: 'right' },
  { header: 'GENERATION', value: ({ generation }) => generation, align: 'right' },
  {
    header: 'ERROR',
    value: ({ error }) => error && `${error.stream}@${error.revision}: ${error.reason}`,
    style: () => 'red',
    shrinksTo: 10,
  },
];

/** Returns a lag in words: `0 ms`, `3.2 s`. */
export const describeLag = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

export async function listProjections(options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const answer = await cli.get('/api/v1/projections');
  cli.print(answer, ({ items }: { readonly items: readonly Projection[] }) =>
    table(projectionColumns, items),
  );
}
