import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { stopGracefully } from './graceful.ts';
import { createLogger } from './logger.ts';

const logger = createLogger({ level: 'error', silent: true });

function standIn(stop: () => Promise<void>, withinMs?: number) {
  const from = new EventEmitter();
  const exits = new EventEmitter();
  const ended = once(exits, 'exit').then(([code]) => code as number);
  const codes: number[] = [];
  const exit = (code: number) => {
    codes.push(code);
    exits.emit('exit', code);
  };
  stopGracefully({ stop, logger, from, exit, ...(withinMs !== undefined && { withinMs }) });
  return { from, ended, codes };
}

describe('the process ends', () => {
  test.each(['SIGTERM', 'SIGINT', 'disconnect'])('in good order at %s', async (cause) => {
    let stopped = 0;
    const { from, ended } = standIn(async () => {
      stopped += 1;
    });
    from.emit(cause);
    expect(await ended).toBe(0);
    expect(stopped).toBe(1);
  });

  test('with 1 when stopping fails', async () => {
    const { from, ended } = standIn(() => Promise.reject(new Error('stuck')));
    from.emit('SIGTERM');
    expect(await ended).toBe(1);
  });

  test('with 1 when stopping takes too long', async () => {
    const { from, ended } = standIn(() => new Promise(() => {}), 5);
    from.emit('SIGTERM');
    expect(await ended).toBe(1);
  });

  test('at once at a second signal, but not because the parent is gone too', () => {
    const { from, codes } = standIn(() => new Promise(() => {}));
    from.emit('SIGTERM');
    from.emit('disconnect');
    expect(codes).toEqual([]);
    from.emit('SIGINT');
    expect(codes).toEqual([1]);
  });
});
