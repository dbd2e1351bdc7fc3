import { MIMEType } from 'node:util';

/** Returns whether a content type is JSON in UTF-8; other parameters than the charset do not matter (RFC 9110, 8.3.1). */
export function isJson(contentType: string | undefined): boolean {
  // Fast path: what nearly every client sends.
  if (contentType === 'application/json') return true;
  try {
    const { essence, params } = new MIMEType(contentType ?? '');
    return essence === 'application/json' && /^utf-?8$/i.test(params.get('charset') ?? 'utf-8');
  } catch {
    return false;
  }
}
