import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { expect } from 'vitest';
import { call } from './http.ts';
import { createShopClient } from './shop.ts';
import type { System } from './system.ts';
import { waitForStatus, waitUntil } from './wait-until.ts';

const password = 'a planted password of Quentin';
const name = 'Quentin Plantedname';
const shipTo = {
  name: 'Quentin Plantedname',
  lines: ['77 Plantedroad'],
  city: 'Plantedcity',
  postcode: 'PL4 NT3D',
  country: 'GB',
};
/** Matches every text about a planted person. */
export const PLAIN = /planted-mail|Plantedname|Plantedroad|Plantedcity|PL4 NT3D|a planted password/i;

/** Signs a person up, who orders a `mug`, which is shipped. `forget` deletes the account. */
export async function plantPerson(system: System, firstName: string) {
  const email = `${firstName}@planted-mail.example`;
  const shop = createShopClient(system);
  const api = `${system.commandUrl}/api/v1`;
  expect((await call('POST', `${api}/accounts`, { body: { email, password, name } })).status).toBe(202);
  const session = await call('POST', `${api}/sessions`, { body: { email, password, tokens: true } });
  expect(session.status).toBe(201);
  const token = session.body.accessToken;
  const body = { items: [{ productId: 'mug', quantity: 1 }], shipTo };
  const { orderId } = (await call('POST', `${api}/orders`, { token, body })).body;
  await waitForStatus(system, orderId, 'shipped');
  expect((await shop.get(`/orders/${orderId}`)).body.shipTo).toEqual(shipTo);
  return {
    orderId,
    forget: async () => {
      const { status } = await call('DELETE', `${api}/accounts/me`, { token, body: { password } });
      expect(status).toBe(204);
    },
    /** Waits until order and timeline show the person as forgotten. */
    isForgotten: async () => {
      await waitUntil(
        'the order forgets its address',
        () => shop.get(`/orders/${orderId}`),
        ({ body }) => body.shipTo === null && body.forgotten === true,
      );
      expect(JSON.stringify((await shop.get(`/orders/${orderId}/timeline`)).body)).not.toMatch(PLAIN);
    },
  };
}

/** Returns the files of the data folder, the documents in MongoDB and the outputs that match a pattern. */
export async function placesWith(
  pattern: RegExp,
  system: System,
  outputs: readonly string[] = [],
): Promise<string[]> {
  return [
    ...[system.output(), ...outputs].filter((text) => pattern.test(text)),
    ...(await filesWith(pattern, String(system.env.DATA_DIR))),
    ...(await documentsWith(pattern, system.env.READ_STORE_URL)),
  ];
}

async function filesWith(pattern: RegExp, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // A file may go while the folder is read.
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return files.filter((_, at) => pattern.test(contents[at] ?? ''));
}

async function documentsWith(pattern: RegExp, url: string | undefined): Promise<string[]> {
  if (url === undefined) return [];
  const client = await MongoClient.connect(url);
  try {
    const found: string[] = [];
    for (const { name: collection } of await client.db().listCollections().toArray())
      for await (const document of client.db().collection(collection).find())
        if (pattern.test(JSON.stringify(document))) found.push(`${collection}: ${document._id}`);
    return found;
  } finally {
    await client.close();
  }
}
