import { type ChangeOptions, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import { type Column, table } from '../output/table.ts';
import { age } from '../output/times.ts';

const SESSIONS = '/api/v1/sessions';

interface OwnSession {
  readonly sessionId: string;
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  readonly userAgent?: string | null;
  readonly current?: boolean;
}

const columns: readonly Column<OwnSession>[] = [
  { header: 'SESSION', value: ({ sessionId }) => sessionId },
  { header: 'AGE', value: ({ createdAt }) => age(createdAt), align: 'right' },
  { header: 'USED', value: ({ lastUsedAt }) => age(lastUsedAt), align: 'right' },
  { header: 'PROGRAM', value: ({ userAgent }) => userAgent ?? '', shrinksTo: 10 },
  { header: '', value: ({ current }) => (current ? 'this one' : ''), style: () => 'green' },
];

export async function listSessions(options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const answer = await cli.get(SESSIONS);
  cli.print(answer, ({ items }: { readonly items: readonly OwnSession[] }) => table(columns, items));
}

export async function endSession(sessionId: string, options: ChangeOptions): Promise<void> {
  const request = { method: 'DELETE', path: `${SESSIONS}/${pathPart(sessionId)}` } as const;
  await openCli(options).send(request, options, () => `session ${sessionId} is ended`);
}
