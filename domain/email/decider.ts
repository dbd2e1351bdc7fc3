import { type Decider, unchanged } from '../kernel/decider.ts';
import { unhandled } from '../kernel/domain-error.ts';
import type { CustomerId } from '../kernel/ids.ts';
import type { EmailEvent } from './events.ts';

/** Claims the address for an account; without effect while it belongs to any account. The state then names the owner. */
export interface ClaimEmail {
  readonly type: 'ClaimEmail';
  readonly emailHash: string;
  readonly userId: CustomerId;
}
/** Without effect unless the address belongs to this account. */
export interface ReleaseEmail {
  readonly type: 'ReleaseEmail';
  readonly emailHash: string;
  readonly userId: CustomerId;
}
export type EmailCommand = ClaimEmail | ReleaseEmail;

export type EmailState =
  | { readonly status: 'free' }
  | { readonly status: 'claimed'; readonly userId: CustomerId };

const free: EmailState = { status: 'free' };

/** An e-mail address: it belongs to one account at a time. */
export const emailDecider: Decider<EmailState, EmailCommand, EmailEvent> = {
  decide,
  evolve,
  initialState: free,
};

function decide({ type, emailHash, userId }: EmailCommand, state: EmailState): readonly EmailEvent[] {
  switch (type) {
    case 'ClaimEmail':
      return state.status === 'free' ? [{ type: 'EmailClaimed', data: { emailHash, userId } }] : [];
    case 'ReleaseEmail':
      return state.status === 'claimed' && state.userId === userId
        ? [{ type: 'EmailReleased', data: { emailHash, userId } }]
        : [];
    default:
      return unhandled(type);
  }
}

function evolve(state: EmailState, event: EmailEvent): EmailState {
  switch (event.type) {
    case 'EmailClaimed':
      return { status: 'claimed', userId: event.data.userId };
    case 'EmailReleased':
      return free;
    default:
      return unchanged(state, event);
  }
}
