import { renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { it } from 'vitest';
import { spawnNode } from '../../../../embedded/testing/child-node.ts';
import { StartedSystems } from '../../processes/started-systems.ts';
import { waitUntilServing } from '../../processes/wait-until-serving.ts';
import { readyUrls } from '../../system.ts';

/** File for the process ids that this run has started, written when they serve. */
const { STARTED = '' } = process.env;

it('starts a node and two roles, one a child of the other, and waits to be killed', async () => {
  const systems = new StartedSystems();
  const environment = await systems.createEnvironment();
  const node = spawnNode('--port', '0', '--memory');
  const system = systems.start(environment, 'eventstore', 'projections');
  await waitUntilServing(system, readyUrls(environment, ['eventstore']));
  writeFileSync(`${STARTED}.draft`, JSON.stringify([process.pid, system.pid, node.pid]));
  renameSync(`${STARTED}.draft`, STARTED);
  await system.ended;
});
