import { describe, expect, it } from 'vitest';
import { specOf } from '../testing/given-when-then.ts';
import { type AccountMailEvent, accountMailEvents } from './events.ts';
import type { AccountMailsInput } from './inputs.ts';
import {
  disabled,
  discarded,
  emailConfirmed,
  ended,
  forgotten,
  on,
  parkWait,
  passwordChanged,
  received,
  recordDiscard,
  recordSending,
  registered,
  requested,
  resetRequested,
  resumeWait,
  sent,
  signUpRepeated,
  timeoutElapsed,
  userId,
} from './testing/samples.ts';
import { MAX_SENDING_ATTEMPTS } from './waits.ts';
import { accountMailsWorkflow } from './workflow.ts';

const { decide, actions } = accountMailsWorkflow;
const { given } = specOf<ReturnType<typeof stateAfter>, AccountMailsInput, AccountMailEvent>(
  accountMailsWorkflow,
  accountMailEvents,
);
function stateAfter(...history: readonly AccountMailEvent[]) {
  return history.reduce(accountMailsWorkflow.evolve, accountMailsWorkflow.initialState);
}

/** Returns the events of inputs that arrive one after another. */
function eventsAfter(...inputs: readonly AccountMailsInput[]): readonly AccountMailEvent[] {
  const history: AccountMailEvent[] = [];
  for (const input of inputs) history.push(...decide(input, stateAfter(...history)));
  return history;
}

const withoutTimeouts = (events: readonly AccountMailEvent[]) =>
  events.filter(({ type }) => type !== 'AccountMailTimeoutScheduled');
const todo = (...inputs: readonly AccountMailsInput[]) => {
  const { calls, timeout } = actions(stateAfter(...eventsAfter(...inputs)));
  return { calls: calls.map(({ type, subject }) => `${type} ${subject}`), waitingFor: timeout?.waitingFor };
};

const CONFIRM = 'confirm-email-s-1';
const RESET = 'reset-password-r-1';
const signUp = received(registered);
const reset = received(resetRequested('r-1', '12:00:00'));

describe('the request of a mail', () => {
  it('is a sign-up that must be confirmed: its link lives for a day', () => {
    expect(withoutTimeouts(eventsAfter(signUp))).toEqual([
      requested('confirm-email', 's-1', on('12:00:00'), on('12:00:00', 2)),
    ]);
    expect(todo(signUp)).toEqual({ calls: [`SendMail ${CONFIRM}`], waitingFor: 'sending' });
  });

  it('is not a sign-up without confirmation, and not a reset whose link another person was shown', () => {
    const { data } = registered as Extract<typeof registered, { type: 'UserRegistered' }>;
    given()
      .when(received({ type: 'UserRegistered', data: { ...data, confirmation: 'none' } }))
      .thenNothing();
    const byAdmin = resetRequested('r-1', '12:00:00') as Extract<
      typeof registered,
      { type: 'PasswordResetRequested' }
    >;
    given()
      .when(received({ ...byAdmin, data: { ...byAdmin.data, requester: 'admin' } }))
      .thenNothing();
  });

  it('is a reset of the password that the owner asked for: its link lives as long as the reset', () =>
    expect(withoutTimeouts(eventsAfter(reset))).toEqual([
      requested('reset-password', 'r-1', on('12:00:00'), on('12:10:00')),
    ]));

  it.each([
    ['a changed password', passwordChanged, 'password-changed', '20260101122000000'],
    [
      'a sign-up with a known address',
      { type: 'KnownAddressSignedUp', data: { userId, attemptedAt: on('12:00:00') } } as const,
      'address-known',
      '20260101120000000',
    ],
  ])('is %s, of which the holder gets a notice', (_, event, kind, time) =>
    expect(todo(received(event))).toEqual({
      calls: [`SendMail ${kind}-${userId}-${time}`],
      waitingFor: 'sending',
    }),
  );

  it('changes nothing when its event is delivered again, also after the mail is over', () => {
    given(...eventsAfter(signUp))
      .when(signUp)
      .thenNothing();
    given(...eventsAfter(signUp, recordSending(CONFIRM), received(emailConfirmed), recordDiscard(CONFIRM)))
      .when(signUp)
      .thenNothing();
  });

  it('is ignored when its link has expired before the event is delivered', () =>
    given()
      .when(received(resetRequested('r-1', '12:00:00'), '12:10:00'))
      .thenNothing());

  it('does not wait for other mails of the account', () =>
    expect(todo(signUp, reset).calls).toEqual([`SendMail ${CONFIRM}`, `SendMail ${RESET}`]));
});

describe('a mail that is sent', () => {
  it('waits for the expiry of its link', () => {
    const events = eventsAfter(reset, recordSending(RESET));
    expect(withoutTimeouts(events).at(-1)).toEqual(sent(RESET));
    expect(events.at(-1)).toMatchObject({ data: { waitingFor: 'expiry', dueAt: on('12:10:00') } });
    expect(todo(reset, recordSending(RESET)).calls).toEqual([]);
  });

  it('is recorded once', () =>
    given(...eventsAfter(reset, recordSending(RESET)))
      .when(recordSending(RESET, 'sent', '12:00:09'))
      .thenNothing());

  it.each([
    ['used', CONFIRM, [signUp, recordSending(CONFIRM), received(emailConfirmed)]],
    ['used', RESET, [reset, recordSending(RESET), received(passwordChanged)]],
    ['account-closed', CONFIRM, [signUp, recordSending(CONFIRM), received(disabled)]],
    ['account-closed', CONFIRM, [signUp, recordSending(CONFIRM), received(forgotten)]],
    ['expired', RESET, [reset, recordSending(RESET), timeoutElapsed(2, '12:10:00')]],
  ] as const)('is over when it is %s, and its file is deleted (%s)', (end, mailId, inputs) => {
    expect(withoutTimeouts(eventsAfter(...inputs))).toContainEqual(ended(mailId, end));
    expect(todo(...inputs).calls).toContain(`DiscardMail ${mailId}`);
    const events = eventsAfter(...inputs, recordDiscard(mailId));
    expect(withoutTimeouts(events).at(-1)).toEqual(discarded(mailId));
  });

  it('makes the account wait for nothing once its file is deleted', () =>
    expect(todo(signUp, recordSending(CONFIRM), received(emailConfirmed), recordDiscard(CONFIRM))).toEqual({
      calls: [],
      waitingFor: undefined,
    }));

  it('stays when another kind of link was used', () =>
    given(...eventsAfter(signUp, recordSending(CONFIRM)))
      .when(received({ type: 'ProfileChanged', data: { userId } }))
      .thenNothing());

  it('is over when the link of another sign-up confirmed the address', () => {
    const inputs = [signUp, received(signUpRepeated('s-2')), received(emailConfirmed)];
    expect(withoutTimeouts(eventsAfter(...inputs)).slice(-2)).toEqual([
      ended(CONFIRM, 'used'),
      ended('confirm-email-s-2', 'used'),
    ]);
  });
});

describe('a mail that is not sent yet', () => {
  it('is sent again after a minute, then after growing pauses', () => {
    const first = eventsAfter(signUp);
    const pauses = [first.at(-1)];
    let history = first;
    for (const [number, time] of [
      [1, '12:01:00'],
      [2, '12:03:00'],
      [3, '12:07:00'],
    ] as const) {
      history = [...history, ...decide(timeoutElapsed(number, time), stateAfter(...history))];
      pauses.push(history.at(-1));
    }
    expect(pauses.map((event) => event?.data)).toMatchObject([
      { waitingFor: 'sending', attempt: 1 },
      { waitingFor: 'sending', attempt: 2 },
      { waitingFor: 'sending', attempt: 3 },
      { waitingFor: 'sending', attempt: 4 },
    ]);
    expect(actions(stateAfter(...history)).calls).toMatchObject([{ type: 'SendMail', isLast: false }]);
  });

  it('is not sent after its last attempt, once it is parked, until an operator replays it', () => {
    let history = eventsAfter(signUp);
    for (let number = 1; number < MAX_SENDING_ATTEMPTS; number += 1)
      history = [...history, ...decide(timeoutElapsed(number, '12:01:00'), stateAfter(...history))];
    expect(actions(stateAfter(...history)).calls).toMatchObject([{ type: 'SendMail', isLast: true }]);
    history = [...history, ...decide(parkWait('sending'), stateAfter(...history))];
    expect(actions(stateAfter(...history))).toMatchObject({
      calls: [],
      parkedWaits: ['sending'],
      timeout: { waitingFor: 'expiry' },
    });
    history = [...history, ...decide(resumeWait('sending'), stateAfter(...history))];
    expect(actions(stateAfter(...history))).toMatchObject({
      calls: [{ type: 'SendMail', isLast: false }],
      parkedWaits: [],
      endedWaits: ['sending'],
      timeout: { waitingFor: 'sending', attempt: 1 },
    });
  });

  it('is sent again when another mail is requested after it was parked', () =>
    expect(todo(signUp, parkWait('sending'), reset).calls).toEqual([
      `SendMail ${CONFIRM}`,
      `SendMail ${RESET}`,
    ]));

  it('is over when its link expires, also while it is parked', () => {
    const day = timeoutElapsed(2, '12:00:00', 2);
    const events = eventsAfter(signUp, parkWait('sending'), day);
    expect(withoutTimeouts(events).at(-1)).toEqual(ended(CONFIRM, 'expired'));
    expect(actions(stateAfter(...events))).toMatchObject({ parkedWaits: [], endedWaits: ['sending'] });
  });

  it('is not sent when the account is forgotten first; a file of a lost attempt is deleted', () =>
    expect(todo(signUp, received(forgotten))).toEqual({
      calls: [`DiscardMail ${CONFIRM}`],
      waitingFor: 'discarding',
    }));

  it('is over when the mail server rejects it', () =>
    expect(withoutTimeouts(eventsAfter(signUp, recordSending(CONFIRM, 'rejected'))).at(-1)).toEqual(
      ended(CONFIRM, 'rejected'),
    ));
});

it('a timeout that is no longer the current one changes nothing', () =>
  given(...eventsAfter(signUp, recordSending(CONFIRM)))
    .when(timeoutElapsed(1, '12:01:00'))
    .thenNothing());

it('inputs of mails that do not exist change nothing', () => {
  given().when(recordSending('none')).thenNothing();
  given().when(recordDiscard('none')).thenNothing();
  given().when(parkWait('sending')).thenNothing();
  given().when(resumeWait('sending')).thenNothing();
});
