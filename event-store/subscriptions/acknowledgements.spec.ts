import { describe, expect, it, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { Acknowledgements } from './acknowledgements.ts';

describe('acknowledgements', () => {
  const gathering = () => {
    const sent: (readonly number[])[] = [];
    const acknowledgements = new Acknowledgements<number>(async (items) => void sent.push(items));
    return { sent, acknowledgements };
  };

  it('go together, a moment after the first of them', async () => {
    const { sent, acknowledgements } = gathering();
    for (const item of [1, 2, 3]) acknowledgements.add(item);
    expect(sent).toEqual([]);
    await eventually(() => expect(sent).toEqual([[1, 2, 3]]));

    acknowledgements.add(4);
    await eventually(() => expect(sent).toEqual([[1, 2, 3], [4]]));
  });

  it('wait for others no longer where these keep coming', () => {
    vi.useFakeTimers();
    try {
      const { sent, acknowledgements } = gathering();
      for (let item = 1; item <= 12; item += 1) {
        acknowledgements.add(item);
        vi.advanceTimersByTime(3);
      }
      expect(sent.length).toBeGreaterThanOrEqual(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('go at once when there are many', () => {
    const { sent, acknowledgements } = gathering();
    for (let item = 0; item < 70; item += 1) acknowledgements.add(item);
    expect(sent.map(({ length }) => length)).toEqual([32, 32]);
  });

  it('go at once when told to, and nothing goes where nothing is', async () => {
    const { sent, acknowledgements } = gathering();
    acknowledgements.add(1);
    await acknowledgements.flush();
    await acknowledgements.flush();
    expect(sent).toEqual([[1]]);
  });
});
