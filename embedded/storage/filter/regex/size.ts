const COUNT = /^\{(\d+)(,(\d*))?\}/;

/**
 * Estimates the number of instructions of an expression, with counted repetitions expanded. Also works for invalid
 * expressions, since it parses only the needed syntax.
 */
export function sizeOf(source: string): number {
  const groups: { size: number; last: number }[] = [{ size: 0, last: 0 }];
  const innermost = () => groups[groups.length - 1] ?? { size: 0, last: 0 };
  const add = (size: number) => {
    const group = innermost();
    group.size += size;
    group.last = size;
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    const count = char === '{' ? COUNT.exec(source.slice(at)) : null;
    if (count !== null) {
      const group = innermost();
      const times = Math.max(Number(count[1]), Number(count[3] || 0), 1);
      group.size += group.last * (times - 1);
      group.last *= times;
      at += count[0].length - 1;
    } else if (char === '(') groups.push({ size: 0, last: 0 });
    else if (char === ')' && groups.length > 1) add((groups.pop()?.size ?? 0) + 1);
    else if (char === '[') {
      at = endOfClass(source, at);
      add(1);
    } else {
      if (char === '\\') at = endOfEscape(source, at);
      add(1);
    }
  }
  return groups.reduce((sum, { size }) => sum + size, 0);
}

/** Skips escapes such as `\x{100}` and `\p{Lu}`, whose braces are no repetition. */
function endOfEscape(source: string, start: number): number {
  const [escaped = ''] = /^\\(?:[xupP]\{[^}]*\}|.)/s.exec(source.slice(start)) ?? [];
  return start + Math.max(escaped.length - 1, 0);
}

function endOfClass(source: string, start: number): number {
  // A closing bracket right after the opening one is a literal.
  const first = source[start + 1] === '^' ? start + 2 : start + 1;
  let at = source[first] === ']' ? first + 1 : first;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at;
}
