import type { ExternalCall } from '../../domain/fulfilment/waits.ts';

/** Returns the lanes of a call: its type and its customer. */
export const lanesOf = ({
  type,
  customerId,
}: Pick<ExternalCall, 'type' | 'customerId'>): readonly string[] => [type, `customer ${customerId}`];

/** Returns the other side's reason, in the 1 to 500 characters that a reason may have. */
export const reasonOf = ({ reason }: { readonly reason: string }): string =>
  reason.slice(0, 500) || 'no reason given';
