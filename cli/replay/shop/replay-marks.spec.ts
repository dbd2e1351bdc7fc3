import { describe, expect, it } from 'vitest';
import { invoiceMark, markIn, orderRequestId, receiptRequestId } from './replay-marks.ts';

describe('the marks of a replay', () => {
  it('have the same parts after formatting and parsing', () => {
    const digest = '0123456789abcdef'.repeat(2);
    expect(markIn(orderRequestId({ invoice: '№ 536365', digest }))).toEqual({
      kind: 'order',
      invoice: invoiceMark('№ 536365'),
      digest,
    });
    expect(markIn(receiptRequestId)).toEqual({ kind: 'receipt' });
  });

  it.each([undefined, '', 'replay-order-1-2', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'])(
    'are not found in the request id %s',
    (requestId) => {
      expect(markIn(requestId)).toBeUndefined();
    },
  );
});
