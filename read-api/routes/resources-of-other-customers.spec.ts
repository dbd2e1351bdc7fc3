import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { orderPlaced, paymentRequested, shipmentRequested } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';
import { SqliteDocuments } from '../../read-store/sqlite/documents.ts';
import { QueryApiHarness } from '../testing/harness.ts';

let api: QueryApiHarness;
beforeAll(async () => {
  const log = new TestLog();
  log.record('order-o1', orderPlaced('o1', [['mug', 1, 255]]));
  log.record('payment-o1', paymentRequested('o1', 255));
  log.record('shipment-o1', shipmentRequested('o1'));
  api = await QueryApiHarness.start(log);
});
afterAll(() => api.stop());

const documents = SqliteDocuments.prototype;
const reads = (['get', 'load', 'find', 'findJson', 'checkpoint'] as const).map((name) =>
  vi.spyOn(documents, name),
);
afterEach(() => void reads.forEach((read) => void read.mockClear()));

it.each(['orders/:id', 'orders/:id/timeline', 'orders/:id/live', 'payments/:id', 'shipments/:id'])(
  '%s of another customer is answered like one that does not exist, after the same reads',
  async (path) => {
    const ask = async (id: string) => {
      for (const read of reads) read.mockClear();
      const { status, body } = await api.get(`/api/v1/${path.replace(':id', id)}`, 'customer:bob');
      return {
        status,
        body: JSON.stringify(body).replaceAll(id, 'ID'),
        reads: reads.map((read) => read.mock.calls.length),
      };
    };
    const another = await ask('o1');
    expect(another).toEqual(await ask('o7'));
    // Also once the store has it in memory.
    expect(await ask('o1')).toEqual(another);
    expect(another.status).toBe(404);
    expect(another.reads.reduce((sum, count) => sum + count)).toBe(1);
  },
);
