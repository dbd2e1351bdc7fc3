import { aggregate } from '../../command-handling/aggregates.ts';
import {
  type ForgettingCommand,
  forgettingWorkflow,
  type UserForgotten,
  type UserForgottenReceived,
} from '../../domain/forgetting/workflow.ts';
import type { KeyStore } from '../../key-store/key-store.ts';
import type { ProcessManager } from '../engine/create-process-manager.ts';
import type { CommandTarget, Definition, WorkflowTypes } from '../engine/definition.ts';

export interface Forgetting extends WorkflowTypes {
  readonly input: UserForgottenReceived;
  readonly state: UserForgotten | undefined;
  readonly event: UserForgotten;
  readonly command: ForgettingCommand;
  readonly result: never;
  readonly call: never;
}

export const forgetting: Definition<Forgetting> = {
  name: 'forgetting',
  workflow: forgettingWorkflow,
  prefixes: ['user-'],
  deliveriesAtOnce: 16,
  receive: ({ event }, now) => {
    if (event.type !== 'UserForgotten') return undefined;
    const forgotten = event as UserForgotten;
    return { input: { type: 'UserForgottenReceived', id: forgotten.data.userId, now, event: forgotten } };
  },
  targetOf: ({ id }) => aggregate('email', id) as unknown as CommandTarget,
  calls: {},
};

/**
 * Destroys the key of a forgotten person before the address is released. An unavailable key store delays the delivery, which
 * is repeated.
 */
export const withKeyDestruction = (
  manager: ProcessManager,
  keys: Pick<KeyStore, 'forget'>,
): ProcessManager => ({
  ...manager,
  handle: async (recorded) => {
    if (recorded.event.type === 'UserForgotten') {
      const { userId } = recorded.event.data as UserForgotten['data'];
      await keys.forget(userId);
    }
    await manager.handle(recorded);
  },
});
