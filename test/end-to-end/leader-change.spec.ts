import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startTwoNodes, type TwoNodes } from '../../event-store/testing/two-nodes.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { createShopClient } from '../support/shop.ts';
import { readyUrls } from '../support/system.ts';
import { waitForStatus } from '../support/wait-until.ts';

const ROLES = ['write-side', 'process-managers', 'projections', 'read-api'];

const systems = new StartedSystems();
let cluster: TwoNodes;
beforeAll(async () => {
  cluster = await startTwoNodes();
});
afterEach(() => systems.end());
afterAll(() => cluster.stop());

it('an order ships soon after the leader of the event store hangs and another is elected', async () => {
  const environment = await systems.createEnvironment({ EVENTSTORE_URL: cluster.connectionString });
  const system = systems.start(environment, ...ROLES);
  await waitUntilServing(system, readyUrls(environment, ROLES));
  const shop = createShopClient(environment);
  await shop.createItem('mug', 10);
  await waitForStatus(environment, await shop.placeOne('mug', 1), 'shipped');

  cluster.a.proxy.way = 'deaf';
  const since = performance.now();
  cluster.elect(cluster.b);
  await waitForStatus(environment, await shop.placeOne('mug', 1), 'shipped');

  // The client's own timeouts are 10 s for a call, and 20 s for an open stream to a hanging server.
  expect(performance.now() - since).toBeLessThan(9_000);
});
