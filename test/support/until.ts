import { setTimeout as sleep } from 'node:timers/promises';
import { call } from './http.ts';
import type { System } from './system.ts';

const LIMIT_MS = 25_000;

/** Asks the query API until the order has this status, and answers it; fails with what it saw last. */
export async function untilStatus(system: System, orderId: string, status: string) {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const { body } = await call('GET', `${system.queryUrl}/api/v1/orders/${orderId}`, {
      token: system.token('operator'),
    });
    if (body?.status === status) return body;
    if (Date.now() > deadline) throw new Error(`order ${orderId} is not ${status}: ${JSON.stringify(body)}`);
    await sleep(20);
  }
}
