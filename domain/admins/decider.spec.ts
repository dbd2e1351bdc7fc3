import { describe, it } from 'vitest';
import { customerId } from '../kernel/ids.ts';
import { specOf } from '../testing/given-when-then.ts';
import { adminsDecider, LastAdmin } from './decider.ts';
import { type AdminEvent, adminEvents } from './events.ts';

const { given } = specOf(adminsDecider, adminEvents);

const ann = customerId('user-ann');
const bob = customerId('user-bob');
const listed = (userId = ann, userRevision = '3'): AdminEvent => ({
  type: 'AdminListed',
  data: { userId, userRevision },
});
const delisted = (userId = ann, userRevision = '4'): AdminEvent => ({
  type: 'AdminDelisted',
  data: { userId, userRevision },
});
const list = (userId = ann, userRevision = 3n) => ({ type: 'ListAdmin', userId, userRevision }) as const;
const delist = (userId = ann, userRevision = 4n) => ({ type: 'DelistAdmin', userId, userRevision }) as const;

describe('the list of enabled admins', () => {
  it('lists each admin once', () => {
    given().when(list()).then(listed());
    given(listed()).when(list()).thenNothing();
  });
  it('delists an admin while another one is listed', () =>
    given(listed(), listed(bob)).when(delist()).then(delisted()));
  it('does not delist the last admin', () => {
    given(listed()).when(delist()).thenRejects(LastAdmin, { userId: 'user-ann' });
    given(listed(), listed(bob), delisted(bob)).when(delist()).thenRejects(LastAdmin);
  });
  it('does not delist an unlisted admin while no other one is listed', () => {
    given().when(delist()).thenRejects(LastAdmin);
    given(listed(), listed(bob), delisted()).when(delist(bob)).thenRejects(LastAdmin);
  });
  it('has no effect when a delisting is repeated', () =>
    given(listed(), listed(bob), delisted()).when(delist()).thenNothing());
  it('ignores a listing for a revision before the one for which the admin was delisted', () => {
    const history = [listed(), listed(bob), delisted()];
    given(...history)
      .when(list(ann, 3n))
      .thenNothing();
    given(...history)
      .when(list(ann, 5n))
      .then(listed(ann, '5'));
  });
  it('records a later delisting of an unlisted admin, so that a late listing is ignored', () =>
    given(listed(), listed(bob), delisted()).when(delist(ann, 9n)).then(delisted(ann, '9')));
});
