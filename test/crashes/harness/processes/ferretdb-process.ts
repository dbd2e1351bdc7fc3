import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Health, Killable } from '../../../support/processes/killable-process.ts';
import type { EndedByItself } from '../../../support/processes/process-errors.ts';

/** FerretDB 1 on SQLite, in a folder of its own: the process that the read models live in when they are in MongoDB. */
export class FerretDb extends Killable {
  readonly #port: number;

  constructor(binary: string, port: number, place: string, onStray: (error: EndedByItself) => void) {
    const folder = join(place, 'ferretdb');
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
      onStray,
    });
    this.#port = port;
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.#port}/shop`;
  }

  protected override async health(): Promise<Health> {
    const socket = connect(this.#port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return { well: true, inWords: 'it takes connections' };
    } catch (error) {
      return { well: false, inWords: `it takes no connections: ${error}` };
    } finally {
      socket.destroy();
    }
  }
}
