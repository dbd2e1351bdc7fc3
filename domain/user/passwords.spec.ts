import { describe, expect, it } from 'vitest';
import { specOf } from '../testing/given-when-then.ts';
import { userDecider } from './decider.ts';
import { TokenNotValid, UserIsDisabled } from './errors.ts';
import { type ResetRequester, type UserEvent, userEvents } from './events.ts';
import { active, at, emailHash, personal, registered, userId } from './testing/sample-users.ts';

const { given } = specOf(userDecider, userEvents);

const request = (resetId: string, requester: ResetRequester = 'owner', time = at('12:00')) =>
  ({
    type: 'RequestPasswordReset',
    resetId,
    requester,
    at: time,
    expiresAt: time.replace(':00:00', ':10:00'),
  }) as const;
const requested = (resetId: string, requester: ResetRequester = 'owner', time = at('12:00')): UserEvent => ({
  type: 'PasswordResetRequested',
  data: { userId, resetId, requester, requestedAt: time, expiresAt: time.replace(':00:00', ':10:00') },
});
const reset = (resetId: string, time = at('12:09')) =>
  ({ type: 'ResetPassword', resetId, password: personal('hash-2'), at: time }) as const;
const changed: UserEvent = {
  type: 'PasswordChanged',
  data: { userId, password: personal('hash-2'), resetId: 'r-1', changedAt: at('12:09') },
};
const disabled: UserEvent = { type: 'UserDisabled', data: { userId, by: 'admin-1' } };

describe('requesting a password reset', () => {
  it('is recorded once', () => {
    given(active).when(request('r-1')).then(requested('r-1'));
    given(active, requested('r-1')).when(request('r-1')).thenNothing();
  });
  it('is ignored while five mailed links are valid', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((id) => requested(id));
    given(active, ...five)
      .when(request('r-1'))
      .thenNothing();
    given(active, ...five)
      .when(request('r-1', 'owner', at('13:00')))
      .then(requested('r-1', 'owner', at('13:00')));
    given(active, ...five)
      .when(request('r-1', 'admin'))
      .then(requested('r-1', 'admin'));
  });
  it('has no effect by the owner of a disabled account, and is rejected by an admin', () => {
    given(active, disabled).when(request('r-1')).thenNothing();
    given(active, disabled).when(request('r-1', 'admin')).thenRejects(UserIsDisabled, { userId });
  });
});

describe('using the link of a reset', () => {
  it('changes the password', () => given(active, requested('r-1')).when(reset('r-1')).then(changed));
  it('works with each of several links, and ends the others', () => {
    const history = [active, requested('r-0'), requested('r-1')];
    given(...history)
      .when(reset('r-1'))
      .then(changed);
    given(...history, changed)
      .when(reset('r-0'))
      .thenRejects(TokenNotValid);
  });
  it('works once', () =>
    given(active, requested('r-1'), changed).when(reset('r-1')).thenRejects(TokenNotValid));
  it('is rejected after ten minutes, and for an unknown link', () => {
    given(active, requested('r-1'))
      .when(reset('r-1', at('12:10')))
      .thenRejects(TokenNotValid);
    given(active, requested('r-1')).when(reset('r-2')).thenRejects(TokenNotValid);
  });
  it('is rejected for a disabled account, also when it is enabled again', () => {
    const enabled: UserEvent = { type: 'UserEnabled', data: { userId, by: 'admin-1' } };
    given(active, requested('r-1'), disabled).when(reset('r-1')).thenRejects(TokenNotValid);
    given(active, requested('r-1'), disabled, enabled).when(reset('r-1')).thenRejects(TokenNotValid);
  });
  it('also confirms the address, since only its owner has the link', () => {
    const confirmed: UserEvent = { type: 'EmailConfirmed', data: { userId, confirmedAt: at('12:09') } };
    given(registered, requested('r-1')).when(reset('r-1')).then(confirmed, changed);
    expect(given(registered, requested('r-1'), confirmed, changed).state()).toMatchObject({
      status: 'active',
      password: personal('hash-2'),
      signUps: [],
    });
  });
  it('gives an invited admin the first password', () => {
    const invited: UserEvent = {
      type: 'AdminInvited',
      data: {
        userId,
        emailHash,
        email: personal('ann@example.com'),
        name: personal('ann'),
        invitedAt: at('12:00'),
      },
    };
    const history = [invited, requested('r-1', 'command-line')];
    const confirmed: UserEvent = { type: 'EmailConfirmed', data: { userId, confirmedAt: at('12:09') } };
    given(...history)
      .when(reset('r-1'))
      .then(confirmed, changed);
    expect(given(...history, confirmed, changed).state()).toMatchObject({ status: 'active', role: 'admin' });
  });
});

describe('changing the password', () => {
  const change = {
    type: 'ChangePassword',
    password: personal('hash-2'),
    keptSession: 'session-1',
    at: at('12:09'),
  } as const;
  const kept: UserEvent = {
    type: 'PasswordChanged',
    data: { userId, password: personal('hash-2'), keptSession: 'session-1', changedAt: at('12:09') },
  };
  it('keeps the session of the caller, and has no effect when it is repeated', () => {
    given(active).when(change).then(kept);
    given(active, kept).when(change).thenNothing();
  });
  it('ends all links of resets', () =>
    given(active, requested('r-1'), kept).when(reset('r-1')).thenRejects(TokenNotValid));
  it('is rejected while the account is not active', () => {
    given(active, disabled).when(change).thenRejects(UserIsDisabled);
    given(registered).when(change).thenRejects(UserIsDisabled);
  });
});
