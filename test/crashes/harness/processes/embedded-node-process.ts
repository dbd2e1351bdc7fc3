import type { ChildProcess } from 'node:child_process';
import { EventStoreDBClient } from '@eventstore/db-client';
import { nodeArguments } from '../../../../embedded/testing/child-node.ts';
import { type Health, Killable } from '../../../support/processes/killable-process.ts';
import type { EndedByItself } from '../../../support/processes/process-errors.ts';

/** The embedded node as a program of its own, with its log in this folder. */
export class NodeProcess extends Killable {
  #connectionString: string | undefined;

  constructor(folder: string, onStray: (error: EndedByItself) => void) {
    super({
      name: 'embedded node',
      program: process.execPath,
      args: nodeArguments('--port', '0', '--data', folder),
      env: {},
      channel: true,
      onStray,
    });
  }

  /** Host and port; each start takes another. Throws `TypeError` before it is ready. */
  get address(): string {
    return new URL(this.#url).host;
  }

  /** What is made of it with the official client. */
  async withClient<Result>(work: (client: EventStoreDBClient) => Promise<Result>): Promise<Result> {
    const client = EventStoreDBClient.connectionString(this.#url);
    try {
      return await work(client);
    } finally {
      await client.dispose();
    }
  }

  protected override async health(): Promise<Health> {
    return { well: this.#connectionString !== undefined, inWords: 'it does not answer yet' };
  }

  protected override started(child: ChildProcess): void {
    this.#connectionString = undefined;
    child.once('message', ({ connectionString }: { connectionString: string }) => {
      this.#connectionString = connectionString;
    });
  }

  get #url(): string {
    if (this.#connectionString === undefined) throw new TypeError('the node is not ready');
    return this.#connectionString;
  }
}
