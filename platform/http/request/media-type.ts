import { MIMEType } from 'node:util';

/** Returns whether a content type is JSON in UTF-8; other parameters than the charset do not matter (RFC 9110, 8.3.1). */
export function isJson(contentType: string | undefined): boolean {
  // Fast path: what nearly every client sends.
  if (contentType === 'application/json') return true;
  const type = parsed(contentType);
  if (type?.essence !== 'application/json') return false;
  const charset = type.params.get('charset');
  return charset === null || /^utf-?8$/i.test(charset);
}

function parsed(contentType: string | undefined): MIMEType | undefined {
  if (contentType === undefined) return undefined;
  try {
    return new MIMEType(contentType);
  } catch {
    return undefined;
  }
}
