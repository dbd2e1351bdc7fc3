import type { ReleaseEmail } from '../email/decider.ts';
import { type EngineInput, noActions, type Workflow, type WorkflowInput } from '../kernel/workflow.ts';
import type { UserEvent } from '../user/events.ts';

export type UserForgotten = Extract<UserEvent, { type: 'UserForgotten' }>;
export interface UserForgottenReceived extends WorkflowInput<'UserForgottenReceived'> {
  readonly event: UserForgotten;
}
/** `id` is the keyed hash of the address. */
export interface ForgettingCommand {
  readonly id: string;
  readonly command: ReleaseEmail;
}

/**
 * Releases the address of a forgotten person. The command API does so before it responds; this repeats it where a crash came
 * between, and changes nothing where it is done. It records nothing: its one event starts and ends it.
 */
export const forgettingWorkflow: Workflow<
  UserForgottenReceived | EngineInput<never>,
  UserForgotten | undefined,
  UserForgotten,
  ForgettingCommand,
  never
> = {
  initialState: undefined,
  decide: (input) => (input.type === 'UserForgottenReceived' ? [input.event] : []),
  evolve: (_, event) => event,
  actions: (forgotten) => {
    if (forgotten === undefined) return noActions;
    const { userId, emailHash } = forgotten.data;
    const command = { type: 'ReleaseEmail', emailHash, userId } as const;
    return { ...noActions, commandsId: 'release-email', commands: [[{ id: emailHash, command }]] };
  },
};
