import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../embedded/node.ts';
import { startTlsFront, type TlsFront } from '../../event-store/testing/tls-front.ts';
import { call } from '../support/http.ts';
import { StartedSystems } from '../support/processes/started-systems.ts';
import { waitUntilServing } from '../support/processes/wait-until-serving.ts';
import { readyUrls } from '../support/system.ts';
import { waitUntil } from '../support/wait-until.ts';

const ROLES = ['write-side', 'process-managers', 'projections', 'read-api'];

const systems = new StartedSystems();
let node: EmbeddedNode;
let front: TlsFront;
beforeAll(async () => {
  node = await startEmbeddedNode({ memory: true, port: 0 });
  front = await startTlsFront(() => node.port);
});
afterEach(() => systems.end());
afterAll(async () => {
  await front.stop();
  await node.stop();
});

const ca = () => `tlsCAFile=${encodeURIComponent(front.caFile)}`;
const password = () => encodeURIComponent(front.password);

it('every role connects with TLS, user and password', async () => {
  const environment = await systems.createEnvironment({
    EVENTSTORE_URL: `esdb://ann:${password()}@127.0.0.1:${front.port}?${ca()}`,
  });
  const system = systems.start(environment, ...ROLES);

  await waitUntilServing(system, readyUrls(environment, ROLES));

  expect(system.output()).not.toContain('no access');
  expect(system.output()).not.toContain(password());
  expect(system.output()).not.toContain(front.password);
});

describe('a start reports in one sentence that the event store refuses access, and waits, with', () => {
  it.each([
    [
      'a wrong password',
      () => `esdb://ann:wrong%2Dword@127.0.0.1:${front.port}?${ca()}`,
      'as user "ann": the event store does not accept the credentials: change the user or the password',
      'the event store does not accept the credentials',
    ],
    [
      'no credentials',
      () => `esdb://127.0.0.1:${front.port}?${ca()}`,
      'without a user: the event store needs credentials: put user:password@ before the host',
      'the event store needs credentials',
    ],
    [
      'a certificate that is not trusted',
      () => `esdb://ann:wrong%2Dword@127.0.0.1:${front.port}`,
      'its CA with tlsCAFile',
      'the certificate of the event store is not trusted',
    ],
    [
      'a URL without TLS for a server with TLS',
      () => `esdb://ann:wrong%2Dword@127.0.0.1:${front.port}?tls=false`,
      'leave tls=false out of EVENTSTORE_URL',
      'the event store speaks TLS, and the URL turns it off',
    ],
    [
      'a URL with TLS for a server without TLS',
      () => `esdb://ann:wrong%2Dword@127.0.0.1:${node.port}?${ca()}`,
      'add tls=false to EVENTSTORE_URL',
      'the event store does not speak TLS, and the URL asks for TLS',
    ],
  ])('%s', async (_, url, sentence, kind) => {
    const environment = await systems.createEnvironment({ EVENTSTORE_URL: url() });
    const system = systems.start(environment, ...ROLES);
    let terminal = '';
    system.child.stderr?.on('data', (text) => {
      terminal += text;
    });

    await waitUntil(
      'the refusal is printed',
      async () => terminal,
      (text) => text.includes(sentence),
    );
    const health = await waitUntil(
      'health shows the kind of refusal',
      () => call('GET', `${environment.commandUrl}/health/ready`).catch(() => undefined),
      (answer) => answer?.body?.checks?.eventStore === kind,
    );

    expect(health?.status).toBe(503);
    const printed = terminal.split('\n').filter((line) => line.includes(sentence));
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/^no access to the event store at 127\.0\.0\.1:\d+/);
    expect(JSON.stringify(health?.body)).not.toMatch(/ann|127\.0\.0\.1/);
    expect(system.output()).not.toMatch(/wrong-word|wrong%2Dword/);
    system.signal('SIGTERM');
    expect((await system.ended).code).toBe(0);
  });
});
