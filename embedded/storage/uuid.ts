export const UUID_BYTES = 16;
export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Returns the UUID in lower case, or undefined if the text is no UUID of 36 characters. */
export function normaliseUuid(text: string): string | undefined {
  if (UUID.test(text)) return text;
  const small = text.toLowerCase();
  return UUID.test(small) ? small : undefined;
}

let lastId = '';
let lastBytes = Buffer.alloc(0);

/** Returns the 16 bytes of a UUID; do not change them. The last result is cached, since an append needs it several times. */
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
