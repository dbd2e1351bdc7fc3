import { expect } from 'vitest';
import {
  appendUntilDisconnected,
  faultsIn,
  type SentAppend,
} from '../../../../embedded/testing/acknowledged-appends.ts';
import { BatchClient } from '../../../../embedded/testing/batch-client.ts';
import type { RandomChoices } from '../../../support/random-choices.ts';
import type { EmbeddedNodeProcess } from '../processes/embedded-node-process.ts';

const WRITERS = 24;
const MAX_ACKNOWLEDGED = 300;

/** Concurrent writers that append to a node until it is killed, in rounds. They remember the acknowledged appends. */
export class AppendWriters {
  readonly #node: EmbeddedNodeProcess;
  readonly #random: RandomChoices;
  readonly #sent: SentAppend[] = [];
  /** The appends of the current round. */
  #round: Promise<SentAppend[]> = Promise.resolve([]);
  #rounds = 0;

  constructor(node: EmbeddedNodeProcess, random: RandomChoices) {
    this.#node = node;
    this.#random = random;
  }

  /** Verifies the appends of the previous round and begins the next. Resolves when the node has acknowledged some appends. */
  async write(): Promise<void> {
    const [node, round] = [this.#node, this.#rounds];
    const before = await this.#take();
    await node.ready();
    const faults = await node.withClient((client) => faultsIn(client, before));
    expect(faults, `before round ${round}`).toEqual([]);
    this.#rounds += 1;
    const enough = 1 + this.#random.below(MAX_ACKNOWLEDGED);
    const client = new BatchClient(node.address);
    await new Promise<void>((resolve) => {
      this.#round = appendUntilDisconnected(client, round, WRITERS, (count) => {
        if (count === enough) resolve();
      }).finally(() => client.close());
    });
  }

  /** Returns all appends of all rounds, once the node has been killed. */
  async sent(): Promise<readonly SentAppend[]> {
    await this.#take();
    return this.#sent;
  }

  async #take(): Promise<SentAppend[]> {
    const sent = await this.#round;
    this.#round = Promise.resolve([]);
    this.#sent.push(...sent);
    return sent;
  }
}
