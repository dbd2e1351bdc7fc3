/** Schemas of the ids of documents. */
export { CustomerId, OrderId, ProductId } from '../../domain/kernel/ids.ts';
