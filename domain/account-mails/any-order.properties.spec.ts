import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AccountMailEvent, MailEnd } from './events.ts';
import type { AccountMailsInput } from './inputs.ts';
import {
  disabled,
  emailConfirmed,
  forgotten,
  parkWait,
  passwordChanged,
  received,
  recordDiscard,
  recordSending,
  registered,
  resetRequested,
  resumeWait,
  signUpRepeated,
  timeoutElapsed,
} from './testing/samples.ts';
import { accountMailsWorkflow } from './workflow.ts';

const { decide, evolve, initialState, actions } = accountMailsWorkflow;

const MAILS = ['confirm-email-s-1', 'confirm-email-s-2', 'reset-password-r-1', 'reset-password-r-2'];
const events = [
  registered,
  signUpRepeated('s-2'),
  resetRequested('r-1', '12:00:00'),
  resetRequested('r-2', '12:01:00'),
  emailConfirmed,
  passwordChanged,
  disabled,
  forgotten,
];
const mailId = fc.constantFrom(...MAILS);
const input: fc.Arbitrary<AccountMailsInput> = fc.oneof(
  fc.constantFrom(...events).map((event) => received(event)),
  fc
    .tuple(mailId, fc.constantFrom<'sent' | MailEnd>('sent', 'rejected', 'used'))
    .map(([id, outcome]) => recordSending(id, outcome)),
  mailId.map(recordDiscard),
  fc.integer({ min: 1, max: 12 }).map((number) => timeoutElapsed(number, '12:02:00')),
  fc.constantFrom('sending' as const, 'discarding' as const).map(parkWait),
  fc.constantFrom('sending' as const, 'discarding' as const).map(resumeWait),
);

it('inputs in any order, also repeated ones, lose no mail, end each once, and leave nothing undone', () => {
  fc.assert(
    fc.property(fc.array(input, { maxLength: 40 }), (inputs) => {
      let state = initialState;
      const history: AccountMailEvent[] = [];
      for (const each of inputs) {
        const news = decide(each, state);
        history.push(...news);
        state = news.reduce(evolve, state);
        // The same input again changes nothing, but for an operator who parks or resumes.
        if (each.type === 'UserEventReceived' || each.type === 'RecordSending')
          expect(decide(each, state)).toEqual([]);
      }
      const count = (type: AccountMailEvent['type'], id: string): number =>
        history.filter((event) => event.type === type && 'mailId' in event.data && event.data.mailId === id)
          .length;
      for (const { mailId: id, status } of state.mails) {
        expect(count('AccountMailRequested', id)).toBe(1);
        expect(count('AccountMailSent', id)).toBeLessThanOrEqual(1);
        expect(count('AccountMailEnded', id)).toBe(status === 'ended' || status === 'done' ? 1 : 0);
        expect(count('AccountMailDiscarded', id)).toBe(status === 'done' ? 1 : 0);
      }
      const { timeout, parkedWaits } = actions(state);
      const isUndone = state.mails.some(({ status }) => status !== 'done');
      expect(timeout !== undefined || parkedWaits.length > 0).toBe(isUndone);
    }),
  );
});
