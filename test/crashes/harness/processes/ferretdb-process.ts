import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { KillableProcess, type ProcessHealth } from '../../../support/processes/killable-process.ts';
import type { UnexpectedExit } from '../../../support/processes/process-errors.ts';

/** FerretDB 1 on SQLite: a MongoDB-compatible server for the read models. */
export class FerretDbProcess extends KillableProcess {
  readonly #port: number;

  constructor(
    binary: string,
    port: number,
    parentFolder: string,
    onUnexpectedExit: (error: UnexpectedExit) => void,
  ) {
    const folder = join(parentFolder, 'ferretdb');
    mkdirSync(folder);
    super({
      name: 'FerretDB',
      program: binary,
      args: [
        '--handler=sqlite',
        `--sqlite-url=file:${folder}/`,
        `--state-dir=${folder}`,
        `--listen-addr=127.0.0.1:${port}`,
        '--debug-addr=-',
        '--telemetry=disable',
        '--log-level=error',
      ],
      env: { GOGC: '400' },
      onUnexpectedExit,
    });
    this.#port = port;
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.#port}/shop`;
  }

  protected override async health(): Promise<ProcessHealth> {
    const socket = connect(this.#port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return { isHealthy: true, description: 'it takes connections' };
    } catch (error) {
      return { isHealthy: false, description: `it takes no connections: ${error}` };
    } finally {
      socket.destroy();
    }
  }
}
