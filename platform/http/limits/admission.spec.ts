import { describe, expect, it } from 'vitest';
import { Overloaded } from '../response/errors.ts';
import { Admission, type AdmissionLimits } from './admission.ts';

function admissionOf(limits: Partial<AdmissionLimits>) {
  let now = 0;
  const generous = { atOnce: 1, waiting: 10, patienceMs: 60_000, standingMs: 60_000 };
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

describe('the admission', () => {
  it('admits requests up to the maximum, and the others in the order of arrival', async () => {
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

  it('rejects requests that have waited too long', async () => {
    const { admission, pass } = admissionOf({ patienceMs: 5 });
    await admission.enter();
    const waiting = admission.enter();
    pass(5);
    await expect(waiting).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(0);
    leaveAll(admission);
  });

  it('rejects requests at once while the queue is full', async () => {
    const { admission } = admissionOf({ waiting: 2 });
    await admission.enter();
    const others = [admission.enter(), admission.enter()];
    expect(admission.sheds()).toBe(true);
    await expect(admission.enter()).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(2);
    leaveAll(admission);
    await Promise.all(others);
    expect(admission.sheds()).toBe(false);
  });

  it('sheds load only while the first request of the queue has waited too long', async () => {
    const { admission, pass } = admissionOf({ standingMs: 150 });
    await admission.enter();
    const first = admission.enter();
    pass(100);
    const second = admission.enter();
    expect(admission.sheds()).toBe(false);
    pass(51);
    expect(admission.sheds()).toBe(true);
    admission.leave();
    await first;
    expect(admission.sheds()).toBe(false);
    leaveAll(admission);
    await second;
  });

  it('admits requests at once while there is room, also when those in flight take long', async () => {
    const { admission, pass } = admissionOf({ atOnce: 2, standingMs: 150 });
    await admission.enter();
    pass(10_000);
    expect(admission.sheds()).toBe(false);
    await admission.enter();
    leaveAll(admission);
  });
});
