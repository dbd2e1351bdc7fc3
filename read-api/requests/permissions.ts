import { Forbidden, ResourceNotFound } from '../../platform/http/response/errors.ts';
import type { Caller } from '../../platform/http/route.ts';
import type { Stored } from '../../read-store/read-store.ts';

/** Roles that may see everything. */
export const staff = ['operator', 'admin'] as const;

export const isStaff = ({ role }: Caller): boolean => role === 'operator' || role === 'admin';

/** Returns the resource. Throws `ResourceNotFound` when it does not exist or belongs to another customer. */
export function visible<Body extends { readonly customerId: string }>(
  caller: Caller,
  stored: Stored<Body> | undefined,
  what: string,
  id: string,
): Stored<Body> {
  if (stored === undefined || !(isStaff(caller) || stored.body.customerId === caller.sub))
    throw new ResourceNotFound(what, id);
  return stored;
}

/** Returns the customer whose orders a list contains; a customer always gets their own. Throws `Forbidden` for another's. */
export function customerToList(caller: Caller, asked: string | undefined): string | undefined {
  if (isStaff(caller)) return asked;
  if (asked !== undefined && asked !== caller.sub)
    throw new Forbidden('customers see the orders of their own customerId only');
  return caller.sub;
}
