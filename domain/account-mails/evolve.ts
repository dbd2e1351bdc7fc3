import { unchanged } from '../kernel/decider.ts';
import type { AccountMailEvent, WaitKind } from './events.ts';
import type { AccountMail, AccountMailsState } from './state.ts';

type State = AccountMailsState;

/** Every event ends the current timeout. */
export function evolve(before: State, event: AccountMailEvent): State {
  const state: State = { ...before, userId: event.data.userId, timeout: undefined };
  switch (event.type) {
    case 'AccountMailRequested': {
      const { mailId, kind, requestId, expiresAt } = event.data;
      const mail: AccountMail = { mailId, kind, requestId, expiresAt, status: 'pending' };
      // A parked wait for earlier mails must not delay this one.
      return { ...withoutParked(state, 'sending'), mails: [...state.mails, mail] };
    }
    case 'AccountMailSent':
      return withStatus(state, event.data.mailId, 'sent');
    case 'AccountMailEnded':
      return withStatus(state, event.data.mailId, 'ended');
    case 'AccountMailDiscarded':
      return withStatus(state, event.data.mailId, 'done');
    case 'AccountMailTimeoutScheduled': {
      const { userId: _, ...timeout } = event.data;
      return { ...state, timeout, timeouts: state.timeouts + 1 };
    }
    case 'AccountMailWaitParked': {
      const { waitingFor } = event.data;
      const { parked, everParked } = withoutParked(state, waitingFor);
      const others = everParked.filter((kind) => kind !== waitingFor);
      return { ...state, parked: [...parked, waitingFor], everParked: [...others, waitingFor] };
    }
    case 'AccountMailWaitResumed':
      return withoutParked(state, event.data.waitingFor);
    default:
      return unchanged(state, event);
  }
}

const withStatus = (state: State, mailId: string, status: AccountMail['status']): State => ({
  ...state,
  mails: state.mails.map((mail) => (mail.mailId === mailId ? { ...mail, status } : mail)),
});

const withoutParked = (state: State, waitingFor: WaitKind): State => ({
  ...state,
  parked: state.parked.filter((kind) => kind !== waitingFor),
});
