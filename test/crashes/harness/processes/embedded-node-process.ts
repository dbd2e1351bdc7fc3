import type { ChildProcess } from 'node:child_process';
import { EventStoreDBClient } from '@eventstore/db-client';
import { nodeArguments } from '../../../../embedded/testing/child-node.ts';
import { KillableProcess, type ProcessHealth } from '../../../support/processes/killable-process.ts';
import type { UnexpectedExit } from '../../../support/processes/process-errors.ts';

/** A process of the embedded node with its log in a folder. */
export class EmbeddedNodeProcess extends KillableProcess {
  #connectionString: string | undefined;

  constructor(folder: string, onUnexpectedExit: (error: UnexpectedExit) => void) {
    super({
      name: 'embedded node',
      program: process.execPath,
      args: nodeArguments('--port', '0', '--data', folder),
      env: {},
      channel: true,
      onUnexpectedExit,
    });
  }

  /** Host and port; the port changes with each start. Throws `TypeError` before the node is ready. */
  get address(): string {
    return new URL(this.#url).host;
  }

  /** Connects the official client, runs the work with it and disconnects. */
  async withClient<Result>(work: (client: EventStoreDBClient) => Promise<Result>): Promise<Result> {
    const client = EventStoreDBClient.connectionString(this.#url);
    try {
      return await work(client);
    } finally {
      await client.dispose();
    }
  }

  protected override async health(): Promise<ProcessHealth> {
    return { isHealthy: this.#connectionString !== undefined, description: 'it does not answer yet' };
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
