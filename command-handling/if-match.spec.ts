import { describe, expect, it } from 'vitest';
import { StaleRevision } from './errors.ts';
import { open, receive } from './testing/sample-commands.ts';
import { setUp, thrown } from './testing/two-handlers.ts';

describe('If-Match', () => {
  it('accepts the current revision', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));

    expect((await handler.handle(receive(1, 'c2', { ifMatch: [0n] }))).revision).toBe(1n);
  });

  it('rejects another revision and names the current one', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));
    await handler.handle(receive(1, 'c2'));

    const error = await thrown(handler.handle(receive(1, 'c3', { ifMatch: [0n] })));

    expect(error).toBeInstanceOf(StaleRevision);
    expect(error).toMatchObject({ actual: 1n, message: expect.stringContaining('If-Match names 0') });
  });

  it('is compared with the revision of the stream, not of the cached state', async () => {
    const { handler, other } = setUp();
    await handler.handle(receive(1, 'c1'));
    await other.handle(receive(1, 'c2'));

    expect((await handler.handle(receive(1, 'c3', { ifMatch: [1n] }))).revision).toBe(2n);
  });

  it('is compared with the revision after the earlier commands of the same append', async () => {
    const { handler } = setUp();
    await handler.handle(receive(1, 'c1'));

    const [first, second] = await Promise.all([
      handler.handle(receive(1, 'c2', { ifMatch: [0n] })),
      thrown(handler.handle(receive(1, 'c3', { ifMatch: [0n] }))),
    ]);

    expect(first.revision).toBe(1n);
    expect(second).toMatchObject({ name: 'StaleRevision', actual: 1n });
  });

  it('rejects also a command that would have no effect', async () => {
    const { handler } = setUp();
    await handler.handle(open(1, 'c1'));

    expect(await thrown(handler.handle(open(1, 'c2', { ifMatch: [7n] })))).toBeInstanceOf(StaleRevision);
  });

  it('rejects a revision of a stream that does not exist', async () => {
    const { handler } = setUp();

    const error = await thrown(handler.handle(receive(1, 'c1', { ifMatch: [0n] })));

    expect(error).toMatchObject({ name: 'StaleRevision', actual: undefined });
  });
});
