/** The forms of the ids that documents go by, for those who look them up. */
export { CustomerId, OrderId, ProductId } from '../../domain/kernel/ids.ts';
