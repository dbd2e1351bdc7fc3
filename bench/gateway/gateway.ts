import { CommandProcess } from '../../test/support/processes/command-process.ts';
import type { System } from '../../test/support/system.ts';
import { median } from '../harness/paired-runs.ts';
import { systemProcesses } from '../harness/process-memory.ts';
import { openShop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';
import { type Load, measureAtRate, measureLoad, processorTime, type Repeated } from './load.ts';

const PAIRS = 5;
const IN_FLIGHT = 32;
const WARM_UP_SECONDS = 4;
const PRODUCT = '20000';

/** Measures requests through the gateway and directly to the same APIs, in turn. The gateway limits no rate. */
export const measureGateway = async (seconds: number): Promise<Row[]> => [
  ...(await withSystem(['eventstore', 'write-side'], (system) => measureOrders(system, seconds))),
  ...(await withSystem(['eventstore', 'projections', 'read-api'], (system) => measureGets(system, seconds))),
];

async function measureOrders(system: System, seconds: number): Promise<Row[]> {
  const shop = openShop(system, 1);
  await shop.createItem(PRODUCT, STOCK_FOR_ALL);
  await shop.close();
  const order: Repeated = {
    method: 'POST',
    path: '/api/v1/orders',
    token: system.token('operator'),
    body: JSON.stringify({ items: [{ productId: PRODUCT, quantity: 1 }] }),
    expected: 201,
  };
  return compare('POST /orders', system, system.commandUrl, order, seconds, {
    p50: '≤ 1.30',
    rate: '≥ 0.70',
  });
}

async function measureGets(system: System, seconds: number): Promise<Row[]> {
  const token = system.token('operator');
  const list: Repeated = { method: 'GET', path: '/api/v1/orders', token, expected: 200 };
  return compare('GET /orders', system, system.queryUrl, list, seconds);
}

async function compare(
  what: string,
  system: System,
  direct: string,
  request: Repeated,
  seconds: number,
  targets: { readonly p50?: string; readonly rate?: string } = {},
): Promise<Row[]> {
  const { gatewayUrl, env } = system;
  const settings = { ...env, GATEWAY_RATE_LIMIT_REQUESTS: '0' };
  const gateway = new CommandProcess(['start', 'gateway'], settings, [`${gatewayUrl}/health/live`]);
  gateway.start();
  try {
    await gateway.ready();
    const closed = (inFlight: number) => (url: string) => measureLoad(url, request, inFlight, seconds);
    const one = await pairs(direct, gatewayUrl, closed(1), seconds);
    const many = await pairs(direct, gatewayUrl, closed(IN_FLIGHT), seconds);
    const half = median(many.through.map(({ perSecond }) => perSecond)) / 2;
    const calm = await pairs(
      direct,
      gatewayUrl,
      (url) => measureAtRate(url, request, half, seconds),
      seconds,
    );
    const row = (name: string, unit: string, sides: Pairs, of: keyof Load, target?: string): Row => ({
      what: `${what} ${name}`,
      unit,
      measured: median(sides.through.map((load) => load[of])),
      ratio: median(sides.through.map((load, at) => load[of] / (sides.direct[at]?.[of] ?? Number.NaN))),
      ...(target !== undefined && { target }),
    });
    const directRow = (name: string, unit: string, of: keyof Load): Row => ({
      what: `${what} directly, ${IN_FLIGHT} in flight${name}`,
      unit,
      measured: median(many.direct.map((load) => load[of])),
    });
    return [
      row('through the gateway, 1 in flight, p50', 'ms', one, 'p50'),
      row('through the gateway, half its maximum rate, p50', 'ms', calm, 'p50', targets.p50),
      row('through the gateway, half its maximum rate, p99', 'ms', calm, 'p99'),
      directRow(', p50', 'ms', 'p50'),
      row(`through the gateway, ${IN_FLIGHT} in flight, p50`, 'ms', many, 'p50'),
      directRow(', p99', 'ms', 'p99'),
      row(`through the gateway, ${IN_FLIGHT} in flight, p99`, 'ms', many, 'p99'),
      directRow('', 'per second', 'perSecond'),
      row(`through the gateway, ${IN_FLIGHT} in flight`, 'per second', many, 'perSecond', targets.rate),
      { what: `${what}: processor time of the gateway`, unit: 'µs', measured: many.gatewayMicroseconds },
    ];
  } finally {
    await gateway.stop();
  }
}

interface Pairs {
  readonly direct: readonly Load[];
  readonly through: readonly Load[];
  /** Processor time of the gateway for one request. */
  readonly gatewayMicroseconds: number;
}

/** Each side is first in every other pair, since the first run affects the second. */
async function pairs(
  direct: string,
  through: string,
  measure: (url: string) => Promise<Load>,
  seconds: number,
): Promise<Pairs> {
  for (const url of [direct, through])
    for (let warmedUp = 0; warmedUp < Math.min(WARM_UP_SECONDS, 2 * seconds); warmedUp += seconds)
      await measure(url);
  const measured: { direct: Load[]; through: Load[] } = { direct: [], through: [] };
  const pid = await gatewayPid();
  let [microseconds, requests] = [0, 0];
  const runs = {
    direct: () => measure(direct),
    through: async () => {
      const before = await processorTime(pid);
      const load = await measure(through);
      microseconds += (await processorTime(pid)) - before;
      requests += load.perSecond * seconds;
      return load;
    },
  };
  for (let pair = 0; pair < PAIRS; pair++)
    for (const side of pair % 2 === 0 ? (['direct', 'through'] as const) : (['through', 'direct'] as const))
      measured[side].push(await runs[side]());
  return { ...measured, gatewayMicroseconds: microseconds / requests };
}

async function gatewayPid(): Promise<number> {
  const found = (await systemProcesses()).find(({ command }) => command === 'start gateway');
  if (found === undefined) throw new Error('the gateway does not run');
  return found.pid;
}
