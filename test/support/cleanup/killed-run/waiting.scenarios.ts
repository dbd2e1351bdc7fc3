import { renameSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { it } from 'vitest';
import { spawnNode } from '../../../../embedded/testing/child-node.ts';
import { Runs } from '../../processes/started-systems.ts';
import { untilServing } from '../../processes/wait-until-serving.ts';
import { readyUrls } from '../../system.ts';

/** File with the process ids that it has started, written when they serve. */
const { STARTED = '' } = process.env;

it('starts roles, one of them a child of the other, and a node, and waits to be killed', async () => {
  const runs = new Runs();
  const place = await runs.place();
  const node = spawnNode('--port', '0', '--memory');
  const system = runs.start(place, 'eventstore', 'projections');
  await untilServing(system, readyUrls(place, ['eventstore']));
  writeFileSync(`${STARTED}.draft`, JSON.stringify([process.pid, system.pid, node.pid]));
  renameSync(`${STARTED}.draft`, STARTED);
  await system.ended;
});
