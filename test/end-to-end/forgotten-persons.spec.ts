import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call } from '../support/http.ts';
import { createShopClient } from '../support/shop.ts';
import { type System, startSystem, WITHOUT_GATEWAY } from '../support/system.ts';
import { waitForStatus } from '../support/wait-until.ts';

const email = 'quentin.planted@planted-mail.example';
const password = 'a planted password of Quentin';
const name = 'Quentin Plantedname';
const shipTo = {
  name: 'Quentin Plantedname',
  lines: ['77 Plantedroad'],
  city: 'Plantedcity',
  postcode: 'PL4 NT3D',
  country: 'GB',
};
const PLAIN = /planted-mail|Plantedname|Plantedroad|Plantedcity|PL4 NT3D|a planted password/i;

let system: System;
beforeAll(async () => {
  system = await startSystem({ LOG_LEVEL: 'info' }, WITHOUT_GATEWAY);
});
afterAll(() => system.stop());

async function filesWith(pattern: RegExp, folder = String(system.env.DATA_DIR)): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) => [file, await readFile(file, 'latin1')] as const),
  );
  return contents.filter(([, text]) => pattern.test(text)).map(([file]) => file);
}

it('no file of the data folder has the plain text of a person, before and after the person is forgotten', async () => {
  const shop = createShopClient(system);
  await shop.createItem('mug', 10);
  const api = `${system.commandUrl}/api/v1`;
  expect((await call('POST', `${api}/accounts`, { body: { email, password, name } })).status).toBe(202);
  const session = await call('POST', `${api}/sessions`, { body: { email, password, tokens: true } });
  expect(session.status).toBe(201);
  const token = session.body.accessToken;
  const body = { items: [{ productId: 'mug', quantity: 1 }], shipTo };
  const { orderId } = (await call('POST', `${api}/orders`, { token, body })).body;
  await waitForStatus(system, orderId, 'shipped');
  const order = () => shop.get(`/orders/${orderId}`);
  expect((await order()).body.shipTo).toEqual(shipTo);
  // The search finds what is not encrypted.
  expect(await filesWith(new RegExp(orderId))).not.toEqual([]);
  expect(await filesWith(PLAIN)).toEqual([]);

  const forgotten = await call('DELETE', `${api}/accounts/me`, { token, body: { password } });
  expect(forgotten.status).toBe(204);
  await expect.poll(async () => (await order()).body).toMatchObject({ shipTo: null, forgotten: true });
  expect(JSON.stringify((await shop.get(`/orders/${orderId}/timeline`)).body)).not.toMatch(PLAIN);
  expect(await filesWith(PLAIN)).toEqual([]);
});
