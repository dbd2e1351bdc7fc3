/**
 * Versions of the documents in the ETags of both APIs. Raise a version when the schema or the meaning of its document
 * changes: the read model is then rebuilt, and no older ETag matches.
 */
export const documentVersions = { item: 5, order: 3, payment: 1, shipment: 2 } as const;
