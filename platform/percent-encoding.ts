/** Decodes percent-encoded UTF-8; returns undefined for malformed encoding. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
