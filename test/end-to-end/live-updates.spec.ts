import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { EventStream, type Told } from '../../read-api/testing/event-stream.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { orderstream, readyUrls, type TestEnvironment } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

const WRITING = ['eventstore', 'write-side', 'process-managers'] as const;

const systems = new StartedSystems();
const followers: Follower[] = [];
afterEach(async () => {
  for (const follower of followers.splice(0)) follower.stop();
  await systems.end();
});

/** Follows a stream as a browser does: reconnects with the id of the last event when the connection breaks. */
class Follower {
  readonly #ended: Told[] = [];
  #current: EventStream | undefined;
  #isOver = false;

  constructor(here: TestEnvironment, path: string, token: string) {
    void this.#follow(Number(here.env.QUERY_PORT), `/api/v1${path}`, `Bearer ${token}`);
    followers.push(this);
  }

  get events(): readonly Told[] {
    return [...this.#ended, ...(this.#current?.events ?? [])];
  }

  stop(): void {
    this.#isOver = true;
    this.#current?.close();
  }

  async #follow(port: number, path: string, authorization: string): Promise<void> {
    while (!this.#isOver) {
      const headers = { authorization, 'last-event-id': this.events.at(-1)?.id ?? '0' };
      this.#current = await EventStream.open(port, path, headers).catch(() => undefined);
      await this.#current?.over;
      this.#ended.push(...(this.#current?.events ?? []));
      this.#current = undefined;
      await sleep(20);
    }
  }
}

const eventIdOf = ({ data }: Told) => `${data.stream}@${data.revision}`;

it('live updates continue through restarts and a rebuild, with each event exactly once', async () => {
  const here = await systems.createEnvironment({ LOG_LEVEL: 'warn' });
  const shop = createShopClient(here);
  await waitUntilServing(systems.start(here, ...WRITING), readyUrls(here, WRITING));
  let projector = systems.start(here, 'projections');
  let readApi = systems.start(here, 'read-api');
  await waitUntilServing(readApi, readyUrls(here, ['read-api']));

  await shop.createItem('mug', 1_000);
  const orders = [await shop.placeOne('mug', 1)];
  const [first = ''] = orders;
  await waitUntil(
    'the first order is in the read model',
    () => shop.get(`/orders/${first}/timeline`),
    ({ status }) => status === 200,
  );
  const ofAll = new Follower(here, '/orders/live', shop.operator);
  const ofFirst = new Follower(here, `/orders/${first}/live`, shop.customer());

  const placeMore = async () => {
    for (let number = 0; number < 4; number += 1) orders.push(await shop.placeOne('mug', 1));
  };
  const untilAllStreamed = () =>
    waitUntil(
      'the stream has an event of every order',
      async () => new Set(ofAll.events.map(({ data }) => data.orderId)).size,
      (count) => count === orders.length,
    );
  await placeMore();
  await untilAllStreamed();

  await projector.killAll();
  await placeMore();
  projector = systems.start(here, 'projections');
  await untilAllStreamed();

  const [rebuilt] = await Promise.all([orderstream(['rebuild', 'timeline'], here.env), placeMore()]);
  expect(rebuilt).toMatchObject({ code: 0 });
  await untilAllStreamed();

  const stopReadApi = () => {
    readApi.signal('SIGTERM');
    return readApi.ended;
  };
  for (const end of [() => readApi.kill(), stopReadApi]) {
    await end();
    await placeMore();
    readApi = systems.start(here, 'read-api');
    await untilAllStreamed();
  }

  const timelines = await waitUntil(
    'every fulfilment has completed',
    () => Promise.all(orders.map(async (id) => (await shop.get(`/orders/${id}/timeline`)).body.items)),
    (all) => all.every((items) => items.some(({ type }: { type: string }) => type === 'FulfilmentCompleted')),
  );
  const recorded: string[] = timelines.flat().map((entry) => eventIdOf({ id: undefined, data: entry }));
  await waitUntil(
    'the stream has every event',
    async () => ofAll.events.length,
    (count) => count >= recorded.length,
  );
  expect(ofAll.events.map(eventIdOf).sort()).toEqual(recorded.sort());
  const positions = ofAll.events.map(({ id }) => BigInt(String(id)));
  expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));

  const { body } = await shop.get(`/orders/${first}/timeline`, { token: shop.customer() });
  expect(ofFirst.events.map(({ data: { orderId: _, ...entry } }) => entry)).toEqual(body.items);
});
