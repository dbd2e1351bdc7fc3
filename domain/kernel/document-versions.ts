/**
 * Versions of the documents that both APIs name by ETag. One is raised when the shape or the meaning of the document
 * changes: then its read model is rebuilt, and no ETag of before fits it.
 */
export const documentVersions = { item: 3, order: 2, payment: 1, shipment: 2 } as const;
