import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PLAIN, placesWith, plantPerson } from '../support/planted-person.ts';
import { createShopClient, type ShopClient } from '../support/shop.ts';
import { orderstream, type System, startSystem, WITHOUT_GATEWAY } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

const INVOICES = 600;

let system: System;
let shop: ShopClient;
beforeAll(async () => {
  system = await startSystem({ LOG_LEVEL: 'debug' }, WITHOUT_GATEWAY);
  shop = createShopClient(system);
});
afterAll(() => system.stop());

/** Returns the path of a file of sales that takes a while to replay. */
async function longFile(): Promise<string> {
  const path = join(system.folder, 'sales.csv');
  const lines = Array.from({ length: INVOICES }, (_, n) => `${n},22000A,PAPER LANTERN,1,2.55,${n},Norway`);
  const header = 'InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID,Country';
  await writeFile(path, [header, ...lines].join('\n'));
  return path;
}

it('the plain text of a person who is forgotten while a replay and rebuilds run is nowhere', async () => {
  await shop.createItem('mug', 10);
  const person = await plantPerson(system, 'quentin');
  const printed: string[] = [];
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await orderstream(args, system.env);
    expect({ args, code, stderr }).toMatchObject({ code: 0 });
    printed.push(stdout, stderr);
  };
  let isReplaying = true;
  const replay = run('replay', await longFile()).finally(() => {
    isReplaying = false;
  });
  const rebuilds = (async () => {
    while (isReplaying) await run('rebuild', '--all');
  })();
  const generations = async (): Promise<number[]> =>
    (await shop.get('/projections')).body.items.map(({ generation }: { generation: number }) => generation);
  await waitUntil('every read model was rebuilt', generations, (all) => Math.min(...all) > 1);
  await person.forget();
  expect(isReplaying).toBe(true);
  await Promise.all([replay, rebuilds]);

  await person.isForgotten();
  expect(await placesWith(PLAIN, system, printed)).toEqual([]);
});
