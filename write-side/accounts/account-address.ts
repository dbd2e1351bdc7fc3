import { validate, version } from 'uuid';
import { aggregate } from '../../command-handling/aggregates.ts';
import { readState } from '../../command-handling/state/read-state.ts';
import type { CustomerId } from '../../domain/kernel/ids.ts';
import { isRegistered } from '../../domain/user/state.ts';
import type { EncryptedValue } from '../../key-store/personal-data.ts';
import type { CommandServices } from '../command-services.ts';
import { ShipTo } from '../http/postal-address.ts';
import { PostalAddress } from './account-schemas.ts';

/**
 * Returns the address of the customer's account as the address of an order, encrypted; its name is that of the account unless
 * the address has one. Returns undefined when the customer has no account, or the account no address. Throws what the stores
 * throw.
 */
export async function accountAddress(
  { store, personalData }: Pick<CommandServices, 'store' | 'personalData'>,
  customerId: CustomerId,
): Promise<EncryptedValue | undefined> {
  if (!isAccountId(customerId)) return undefined;
  const { state: user } = await readState(store, aggregate('user', customerId));
  if (!isRegistered(user) || user.address === undefined) return undefined;
  const address = PostalAddress.optional().parse(await personalData.decrypt(user.address));
  const name = address?.name ?? (await personalData.decrypt(user.name));
  // The person was forgotten a moment ago.
  if (address === undefined || name === undefined) return undefined;
  return personalData.encrypt(customerId, ShipTo.parse({ ...address, name }));
}

/** Ids of accounts are UUIDs of version 7. For any other customer, the event store is not asked. */
const isAccountId = (id: string): boolean => validate(id) && version(id) === 7;
