import { isUtf8 } from 'node:buffer';

export const encodings = ['utf-8', 'windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

/** The file is not text in the given encoding; the message is the rest of a sentence that begins with the file. */
export class NotThisEncoding extends Error {
  override readonly name = 'NotThisEncoding';
}

/** Returns the text of a file, without a byte order mark. Throws `NotThisEncoding`, which names byte and line. */
export function decode(content: Buffer, encoding: Encoding): string {
  const utf16 = ['fffe', 'feff'].includes(content.subarray(0, 2).toString('hex'));
  if (utf16) throw new NotThisEncoding('is UTF-16: save it as UTF-8, or as windows-1252');
  if (encoding === 'utf-8' && !isUtf8(content)) throw new NotThisEncoding(firstInvalid(content));
  return new TextDecoder(encoding).decode(content);
}

function firstInvalid(content: Buffer): string {
  // Malformed bytes decode to U+FFFD, so the first difference after encoding again is the first malformed byte.
  const again = Buffer.from(content.toString('utf8'));
  const at = content.findIndex((byte, index) => byte !== again[index]);
  const line = (content.toString('latin1', 0, at).match(/\r\n|\r|\n/g)?.length ?? 0) + 1;
  const byte = content.toString('hex', at, at + 1).toUpperCase();
  return `is not UTF-8: byte ${at + 1}, on line ${line}, is 0x${byte}; save it as UTF-8, or give --encoding windows-1252`;
}
