import { defineRoute, type Route } from '../../platform/http/route.ts';
import { type AccountDocument, AccountResponse } from '../../projections/accounts/document.ts';
import { accountsProjection } from '../../projections/accounts/projection.ts';
import { findAccounts } from '../../projections/accounts/queries.ts';
import { pageResponse } from '../responses/document-responses.ts';
import type { Decrypt } from '../responses/personal-data.ts';
import type { FreshReads } from '../waiting/fresh-reads.ts';
import { listRoute } from './route-parts.ts';

export const accountRoutes = (reads: FreshReads, decrypt: Decrypt): Route[] => [
  defineRoute({
    ...listRoute('A page of accounts', AccountResponse, {}),
    path: '/api/v1/accounts',
    tag: 'accounts',
    summary: 'Accounts, the newest first',
    description:
      'Of a forgotten person, `email` and `name` are null beside `"forgotten": true`; who ordered stays known by the id.',
    roles: ['admin'],
    handle: (request) =>
      pageResponse({ list: 'accounts', filters: [], keys: 2 }, request.query, async (page) => {
        const documents = await reads.documents<AccountDocument>(accountsProjection, request);
        const { items, after } = await findAccounts(documents, page);
        // One query for the keys of all persons of the page.
        const bodies = await decrypt(items.map(({ body }) => shown(body)));
        return { items: bodies.map((body) => ({ body })), after };
      }),
  }),
];

function shown({ isConfirmed: _, signUps: __, ...account }: AccountDocument): object {
  return account;
}
