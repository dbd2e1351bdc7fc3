import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTwoNodes, type TwoNodes } from '../../event-store/testing/two-nodes.ts';
import { Runs } from '../support/processes/started-systems.ts';
import { untilServing } from '../support/processes/wait-until-serving.ts';
import { shopOf } from '../support/shop.ts';
import { readyUrls } from '../support/system.ts';
import { untilStatus } from '../support/wait-until.ts';

const ROLES = ['write-side', 'process-managers', 'projections', 'read-api'];

const runs = new Runs();
let cluster: TwoNodes;
beforeAll(async () => {
  cluster = await startTwoNodes();
});
afterEach(() => runs.end());
afterAll(() => cluster.stop());

it('an order ships soon after the leader hung and another was elected', async () => {
  const place = await runs.place({ EVENTSTORE_URL: cluster.connectionString });
  const system = runs.start(place, ...ROLES);
  await untilServing(system, readyUrls(place, ROLES));
  const shop = shopOf(place);
  await shop.createItem('mug', 10);
  await untilStatus(place, await shop.placeOne('mug', 1), 'shipped');

  cluster.a.proxy.way = 'deaf';
  const since = performance.now();
  cluster.elect(cluster.b);
  await untilStatus(place, await shop.placeOne('mug', 1), 'shipped');

  // The client's own limits are 10 s for a call, and 20 s for an open stream of a hanging server.
  expect(performance.now() - since).toBeLessThan(9_000);
});
