import { describe, it } from 'vitest';
import { customerId } from '../kernel/ids.ts';
import { specOf } from '../testing/given-when-then.ts';
import { emailDecider } from './decider.ts';
import { type EmailEvent, emailEvents } from './events.ts';

const { given } = specOf(emailDecider, emailEvents);

const emailHash = 'a1'.repeat(32);
const ann = { emailHash, userId: customerId('user-ann') };
const bob = { emailHash, userId: customerId('user-bob') };
const claimed: EmailEvent = { type: 'EmailClaimed', data: ann };
const released: EmailEvent = { type: 'EmailReleased', data: ann };

describe('an e-mail address', () => {
  it('belongs to the account that claims it first', () => {
    given()
      .when({ type: 'ClaimEmail', ...ann })
      .then(claimed);
    given(claimed)
      .when({ type: 'ClaimEmail', ...bob })
      .thenNothing();
  });
  it('is claimed and released once when the command is repeated', () => {
    given(claimed)
      .when({ type: 'ClaimEmail', ...ann })
      .thenNothing();
    given(claimed, released)
      .when({ type: 'ReleaseEmail', ...ann })
      .thenNothing();
  });
  it('is released only by the account that it belongs to', () => {
    given(claimed)
      .when({ type: 'ReleaseEmail', ...bob })
      .thenNothing();
    given(claimed)
      .when({ type: 'ReleaseEmail', ...ann })
      .then(released);
  });
  it('can be claimed anew once it is released', () =>
    given(claimed, released)
      .when({ type: 'ClaimEmail', ...bob })
      .then({ type: 'EmailClaimed', data: bob }));
});
