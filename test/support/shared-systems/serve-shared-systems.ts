import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { SharedSystems } from './shared-systems.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL where the workers of a test run request shared systems. */
    readonly sharedSystemsUrl: string;
  }
}

/**
 * Global setup of vitest: lets the spec files of a run share systems, though each file runs in one of several workers.
 * `POST` with settings returns the environment of a ready system; `DELETE` tells that a file no longer uses it.
 */
export default async function serveSharedSystems(project: TestProject): Promise<() => Promise<void>> {
  const systems = new SharedSystems();
  const server = createServer((request, response) => {
    answer(systems, request).then(
      (environment) => response.end(JSON.stringify(environment)),
      (error) => fail(response, error),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  project.provide('sharedSystemsUrl', `http://127.0.0.1:${port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await systems.stop();
  };
}

async function answer(systems: SharedSystems, request: IncomingMessage): Promise<unknown> {
  if (request.method === 'POST') return systems.use((await json(request)) as Record<string, string>);
  await systems.release();
  return {};
}

function fail(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.end(JSON.stringify({ error: String(error) }));
}
