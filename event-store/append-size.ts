/** Bytes that one append may carry, by the server's default. */
export const maxAppendBytes = 1024 * 1024;

/**
 * What the server counts of an event: its data, its metadata, and two bytes for each UTF-16 unit of its type's name.
 * Both texts are as they are sent.
 */
export const appendBytes = (type: string, data: string, metadata: string): number =>
  Buffer.byteLength(data) + Buffer.byteLength(metadata) + 2 * type.length;
