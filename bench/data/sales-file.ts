/**
 * Returns a sales file like that of a real gift shop: about 26 lines per invoice, and a few products in most invoices. The
 * same seed gives the same file.
 */
export function salesFile(options: {
  readonly invoices: number;
  readonly products: number;
  readonly seed: number;
}): string {
  const random = generator(options.seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const lines = ['InvoiceNo,StockCode,Description,Quantity,UnitPrice,CustomerID,Country'];
  for (let invoice = 0; invoice < options.invoices; invoice++) {
    const count = 1 + below(50);
    for (let line = 0; line < count; line++) {
      // Squaring makes low numbers likely: these are the popular products.
      const product = Math.floor(random() ** 2 * options.products);
      const price = 25 + (product % 40) * 25;
      lines.push(
        `${500_000 + invoice},${10_000 + product},PRODUCT ${product},${1 + below(12)},${(price / 100).toFixed(2)},${10_000 + below(500)},UK`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Mulberry32: small, seeded, good enough for test data. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
