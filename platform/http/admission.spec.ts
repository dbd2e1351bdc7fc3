import { setImmediate as turnOver } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Admission, type AdmissionLimits } from './admission.ts';
import { Overloaded } from './errors.ts';

function admissionOf(limits: Partial<AdmissionLimits>) {
  let now = 0;
  const generous = {
    atOnce: 1,
    waiting: 10,
    patienceMs: 60_000,
    surgePatienceMs: 60_000,
    standingMs: 60_000,
    longestLineMs: 60_000,
    turnMs: 60_000,
  };
  const admission = new Admission({ ...generous, ...limits }, () => now);
  return {
    admission,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** Ends a test with nobody in line, and no timer. */
const leaveAll = (admission: Admission) => {
  while (admission.inFlight > 0) admission.leave();
};

describe('requests', () => {
  test('are let in up to so many, and the others in the order they came', async () => {
    const { admission } = admissionOf({ atOnce: 2 });
    const entered: string[] = [];
    const come = (name: string) => admission.enter().then(() => entered.push(name));
    await Promise.all([come('a'), come('b')]);
    const waiting = Promise.all([come('c'), come('d')]);
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 2, ['a', 'b']]);
    admission.leave();
    admission.leave();
    await waiting;
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 0, ['a', 'b', 'c', 'd']]);
    leaveAll(admission);
    expect(admission.inFlight).toBe(0);
  });

  test('are refused when they have waited too long', async () => {
    const { admission, pass } = admissionOf({ patienceMs: 5 });
    await admission.enter();
    const waiting = admission.enter();
    pass(5);
    await expect(waiting).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(0);
    leaveAll(admission);
  });

  test('are refused at once while the line is full', async () => {
    const { admission } = admissionOf({ waiting: 2 });
    await admission.enter();
    const others = [admission.enter(), admission.enter()];
    expect(admission.sheds()).toBe(true);
    leaveAll(admission);
    await Promise.all(others);
    expect(admission.sheds()).toBe(false);
  });

  test('are refused at once while more keep coming than leave and the line stands, and no longer than that', async () => {
    const { admission, pass } = admissionOf({ waiting: 1_000, standingMs: 150 });
    await admission.enter();
    const line = [admission.enter()];
    const refused = (count: number) => {
      let refusals = 0;
      for (let one = 0; one < count; one++) if (admission.sheds()) refusals += 1;
      return refusals;
    };
    refused(500);
    for (let span = 0; span < 4; span++) {
      pass(100);
      expect(refused(20)).toBe(0);
    }
    pass(100);
    expect(refused(1)).toBe(1);
    for (let span = 0; span < 2; span++) {
      pass(100);
      for (let one = 0; one < 20; one++) {
        line.push(admission.enter());
        admission.leave();
      }
      expect(refused(20)).toBe(0);
    }
    leaveAll(admission);
    await Promise.all(line);
  });

  test('are all served when many come at once and no more do', async () => {
    const { admission, pass } = admissionOf({ atOnce: 10, waiting: 1_000, standingMs: 150 });
    const served = Array.from({ length: 1_000 }, () => {
      expect(admission.sheds()).toBe(false);
      return admission.enter();
    });
    for (let span = 0; span < 100; span++) {
      pass(100);
      for (let one = 0; one < 10; one++) admission.leave();
      expect(admission.sheds()).toBe(false);
    }
    await Promise.all(served);
    expect(admission.waiting).toBe(0);
    leaveAll(admission);
  });

  test('are refused after a shorter wait once the line was never empty for long', async () => {
    const { admission, pass } = admissionOf({ surgePatienceMs: 10, longestLineMs: 1_000 });
    await admission.enter();
    const waiting = admission.enter();
    pass(1_001);
    await expect(waiting).rejects.toBeInstanceOf(Overloaded);
    leaveAll(admission);
  });

  test('are taken in bursts, however slow the process and however often they come', async () => {
    const { admission, pass } = admissionOf({ atOnce: 100, turnMs: 100 });
    for (let burst = 0; burst < 20; burst++) {
      for (let request = 0; request < 100; request++) {
        pass(2);
        expect(admission.sheds()).toBe(false);
        await admission.enter();
      }
      leaveAll(admission);
      pass(100);
    }
  });

  test('are refused in a surge while a turn of the event loop has begun many for too long, and taken again in the next', async () => {
    const { admission, pass } = admissionOf({ turnMs: 100 });
    for (let span = 0; span < 6; span++) {
      for (let request = 0; request < 50; request++) expect(admission.sheds()).toBe(false);
      pass(100);
      await turnOver();
    }
    for (let request = 0; request < 50; request++) expect(admission.sheds()).toBe(false);
    pass(101);
    expect(admission.sheds()).toBe(true);
    await turnOver();
    expect(admission.sheds()).toBe(false);
  });

  test('are taken after a turn that was long, but not for their number', () => {
    const { admission, pass } = admissionOf({ turnMs: 100 });
    admission.sheds();
    pass(5_000);
    expect(admission.sheds()).toBe(false);
  });
});
