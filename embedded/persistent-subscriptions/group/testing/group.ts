import assert from 'node:assert/strict';
import type { Consumer } from '../dispatch/consumer.ts';
import type { Message } from '../entry.ts';
import { Group } from '../group.ts';
import type { GroupPorts, GroupStart } from '../ports.ts';
import type { GroupSettings } from '../settings.ts';

export const settings: GroupSettings = {
  messageTimeout: 1000,
  maxRetryCount: 2,
  checkPointAfter: 0,
  minCheckPointCount: 1,
  maxCheckPointCount: 1000,
  maxSubscriberCount: 0,
  liveBufferSize: 100,
  historyBufferSize: 100,
  readBatchSize: 10,
  strategy: 'RoundRobin',
  extraStatistics: false,
};

export const message = (position: number, key = ''): Message => ({
  id: `id-${position}`,
  key,
  position,
  bytes: 1,
});
export const messages = (...positions: number[]) => positions.map((position) => message(position));

/** Creates a group with a manual clock, and a log of its deliveries as short lines. */
export function setUp(changes: Partial<GroupSettings> = {}, start: GroupStart = {}) {
  const log: string[] = [];
  const checkpoints: number[] = [];
  const parked: { position: number; reason: string }[] = [];
  const clock = { now: 0 };
  const ports: GroupPorts<Message> = {
    now: () => clock.now,
    park: async ({ position }, reason) => {
      parked.push({ position, reason });
    },
    saveCheckpoint: async (position) => {
      checkpoints.push(position);
    },
    requestMore: () => {},
    onReplayFinished: () => {},
  };
  const group = new Group<Message>({ ...settings, ...changes }, ports, start);
  const connect = (name: string, bufferSize = 10, isBackedUp = () => false): Consumer<Message> =>
    group.connect({
      bufferSize,
      send: ({ position }, retryCount) => {
        log.push(retryCount ? `${name} ${position} retry ${retryCount}` : `${name} ${position}`);
      },
      isBackedUp,
    }) ?? assert.fail('The group has its maximum number of consumers.');
  /** Waits for the writes of the group. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { group, log, checkpoints, parked, clock, connect, settle };
}
