export const UUID_BYTES = 16;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The 36-character form in small letters, or undefined for a text that is no UUID. */
export function normaliseUuid(text: string): string | undefined {
  if (UUID.test(text)) return text;
  const small = text.toLowerCase();
  return UUID.test(small) ? small : undefined;
}

/** The 16 bytes of a UUID in its 36-character form. */
export const uuidToBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

export const uuidFromBytes = (bytes: Buffer): string => uuidFromHex(bytes.toString('hex'));

/** @param hex 32 hexadecimal digits */
export const uuidFromHex = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
