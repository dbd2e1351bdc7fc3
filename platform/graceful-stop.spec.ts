import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { handleStopSignals } from './graceful-stop.ts';
import { createLogger } from './logging/logger.ts';

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
  const end = handleStopSignals({ stop, logger, from, exit, ...(withinMs !== undefined && { withinMs }) });
  return { from, ended, codes, end };
}

describe('the process ends', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'])('gracefully at %s', async (cause) => {
    let stopped = 0;
    const { from, ended } = standIn(async () => {
      stopped += 1;
    });
    from.emit(cause);
    expect(await ended).toBe(0);
    expect(stopped).toBe(1);
  });

  it('with exit code 1 when stopping fails', async () => {
    const { from, ended } = standIn(() => Promise.reject(new Error('stuck')));
    from.emit('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('with exit code 1 when stopping takes too long', async () => {
    const { from, ended } = standIn(() => new Promise(() => {}), 5);
    from.emit('SIGTERM');
    expect(await ended).toBe(1);
  });

  it('once, even when several signals arrive', async () => {
    let finish = () => {};
    let stopped = 0;
    const { from, ended, codes } = standIn(() => {
      stopped += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    });
    for (const cause of ['SIGTERM', 'disconnect', 'SIGINT', 'SIGTERM', 'SIGINT']) from.emit(cause);
    expect([stopped, codes]).toEqual([1, []]);
    finish();
    expect(await ended).toBe(0);
    expect(codes).toEqual([0]);
  });

  it('with the given exit code when the program itself begins the end', async () => {
    const { end, ended, from } = standIn(async () => {});
    expect(end.hasBegun()).toBe(false);
    end.begin('a failure', 1);
    from.emit('SIGTERM');
    expect(end.hasBegun()).toBe(true);
    expect(await ended).toBe(1);
  });

  it('not at a signal when the parent handles signals', () => {
    const from = new EventEmitter();
    const signals: string[] = [];
    const onSignal = (signal: string) => signals.push(signal);
    const end = handleStopSignals({ stop: async () => {}, logger, from, exit: () => {}, onSignal });
    from.emit('SIGINT');
    from.emit('SIGTERM');
    expect([signals, end.hasBegun()]).toEqual([['SIGINT', 'SIGTERM'], false]);
    from.emit('disconnect');
    expect(end.hasBegun()).toBe(true);
  });
});
