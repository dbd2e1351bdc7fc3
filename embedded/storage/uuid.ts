export const UUID_BYTES = 16;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The 36-character form in small letters, or undefined for a text that is no UUID. */
export function normaliseUuid(text: string): string | undefined {
  if (UUID.test(text)) return text;
  const small = text.toLowerCase();
  return UUID.test(small) ? small : undefined;
}

let lastId = '';
let lastBytes = Buffer.alloc(0);

/** The 16 bytes of a UUID in its 36-character form, not to be changed: an append asks for those of one id several times. */
export function uuidToBytes(id: string): Buffer {
  if (id !== lastId) {
    lastBytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    lastId = id;
  }
  return lastBytes;
}

export const uuidFromBytes = (bytes: Buffer): string => uuidFromHex(bytes.toString('hex'));

/** @param hex 32 hexadecimal digits */
export const uuidFromHex = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
