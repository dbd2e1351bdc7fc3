import { type Cli, openCli, type ServerOptions } from '../cli.ts';
import { sendOnce } from '../http/send-once.ts';
import { statusStyle, styled } from '../output/styles.ts';
import { type Column, fields, table } from '../output/table.ts';
import { visible } from '../output/visible.ts';
import { describeLag, type Projection } from '../projections/projections.ts';

interface RoleStatus {
  readonly role: string;
  readonly instance: string;
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

interface Status {
  readonly roles: readonly RoleStatus[];
  /** Null while the read store does not answer. */
  readonly parked: number | null;
  readonly eventStore: string;
  readonly readStore: string;
}

const stateOf = ({ ready }: RoleStatus): string => (ready ? 'ready' : 'not ready');

/** Returns what is wrong; a role that is ready may have a remark too. */
const remarksOf = ({ checks }: RoleStatus): string =>
  Object.entries(checks)
    .filter(([, check]) => check !== 'ok')
    .map(([name, check]) => `${name}: ${check}`)
    .join('; ');

const columns: readonly Column<RoleStatus>[] = [
  { header: 'ROLE', value: ({ role }) => role },
  { header: 'STATUS', value: stateOf, style: (role) => statusStyle(stateOf(role)) },
  { header: 'INSTANCE', value: ({ instance }) => instance, shrinksTo: 12 },
  { header: 'REMARKS', value: remarksOf, style: () => 'yellow', shrinksTo: 20 },
];

/** Prints the state of the whole system at a glance. */
export async function showStatus(options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const answer = await cli.get('/api/v1/status');
  if (cli.isJson) return cli.print(answer, () => '');
  const [models, gateway] = await Promise.all([projectionsOf(cli), gatewayOf(cli)]);
  cli.print(answer, (status: Status) => describe({ ...status, roles: [gateway, ...status.roles] }, models));
}

/** Returns the read models; undefined while the read store does not answer. */
async function projectionsOf(cli: Cli): Promise<readonly Projection[] | undefined> {
  const answer = await cli.client.answerTo({ method: 'GET', path: '/api/v1/projections' });
  return answer.status === 200 ? (answer.body as { readonly items: readonly Projection[] }).items : undefined;
}

/** Asks the gateway itself: it has no read store to report to. */
async function gatewayOf(cli: Cli): Promise<RoleStatus> {
  const { server } = cli.client;
  const { status, body } = await sendOnce(server, { method: 'GET', path: '/health/ready' });
  const { checks = {} } = (body ?? {}) as { readonly checks?: Record<string, string> };
  return { role: 'gateway', instance: new URL(server).host, ready: status === 200, checks };
}

function describe(status: Status, models: readonly Projection[] | undefined): string {
  const { roles, parked, eventStore, readStore } = status;
  const stores = fields({
    'event store': eventStore,
    'read store': readStore,
    'read models': models === undefined ? 'unknown' : describeModels(models),
    'parked items': parked === null ? 'unknown' : String(parked),
  });
  const advice = parked ? [styled('yellow', 'orderstream parked list shows what is parked.')] : [];
  const names = roles.length === 0 ? ['No role has reported yet.'] : [table(columns, roles)];
  return [...names, '', stores, ...advice].join('\n');
}

function describeModels(models: readonly Projection[]): string {
  const notLive = models
    .filter(({ status }) => status !== 'live')
    .map(({ name, status }) => `${name} is ${status}`);
  const lag = `lag ${describeLag(Math.max(0, ...models.map(({ lagMs }) => lagMs)))}`;
  return notLive.length === 0
    ? `all ${models.length} live, ${lag}`
    : visible(`${notLive.join(', ')}; ${lag}`);
}
