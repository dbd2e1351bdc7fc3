import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { call, type HttpResponse } from '../../../support/http.ts';
import type { RandomChoices } from '../../../support/random-choices.ts';
import { UnexpectedResponse } from './acknowledged-order.ts';
import { retryUntilAnswered } from './retry-until-answered.ts';

/** An account whose sign-up was acknowledged. */
export interface Holder {
  readonly email: string;
  readonly password: string;
  /** Text that only the personal data of this account contains. */
  readonly marker: string;
}

interface Session {
  readonly userId: string;
  readonly accessToken: string;
  refreshToken: string;
}

export interface AccountHoldersOptions {
  readonly commandUrl: string;
  readonly random: RandomChoices;
  /** Ends all waiting for responses. */
  readonly signal: AbortSignal;
}

/** A spent refresh token is accepted for 10 s; the test leaves a margin for slow clocks. */
const GRACE_MS = 8_000;
const MAX_PAUSE_MS = 40;
const BUSY_PAUSE_MS = 200;

/** People who sign up, log in, refresh, ask for a new password, and are forgotten. Each retries until it gets a response. */
export class AccountHolders {
  readonly kept: Holder[] = [];
  readonly forgotten: Holder[] = [];
  /** Connections that broke before the response: the command may have been executed. */
  lostResponses = 0;
  refreshes = 0;
  readonly #options: AccountHoldersOptions;
  readonly #living: Promise<void>[] = [];
  #isFinishing = false;

  constructor(options: AccountHoldersOptions) {
    this.#options = options;
  }

  /** Starts `count` people, each of whom has one account after another until `finish`. */
  start(count: number): void {
    for (let n = 0; n < count; n += 1) this.#living.push(this.#live());
    // `finish` and `failure` report errors. After an abort, no one awaits them.
    for (const living of this.#living) living.catch(() => {});
  }

  async finish(): Promise<void> {
    this.#isFinishing = true;
    await Promise.all(this.#living);
  }

  /** Rejects as soon as a client gets an unexpected response. */
  get failure(): Promise<unknown> {
    return Promise.all(this.#living);
  }

  /** Logs in, and returns the status. */
  async logIn({ email, password }: Holder): Promise<HttpResponse> {
    return this.#post('/sessions', { body: { email, password, tokens: true } });
  }

  async #live(): Promise<void> {
    const { random } = this.#options;
    let email = newEmail();
    while (!this.#isFinishing) {
      const holder = await this.#signUp(email);
      const session = await this.#mustLogIn(holder);
      for (let n = random.below(4); n > 0; n -= 1) await this.#refresh(session);
      if (random.below(3) === 0) await this.#post('/password-resets', { body: { email } }, [202]);
      if (random.below(2) === 0) this.kept.push(holder);
      else await this.#forget(holder, session);
      // A forgotten address can be claimed anew; then it is no secret any more.
      const isClaimedAnew = this.forgotten.at(-1) === holder && random.below(3) === 0;
      if (!isClaimedAnew) email = newEmail();
      await sleep(random.below(MAX_PAUSE_MS), undefined, { signal: this.#options.signal });
    }
  }

  /** Half of the people click twice: both requests are for the same account. */
  async #signUp(email: string): Promise<Holder> {
    const marker = randomBytes(12).toString('hex');
    const holder = { email, password: `a password of ${marker}`, marker };
    const send = () =>
      this.#post(
        '/accounts',
        { body: { email, password: holder.password, name: `Person ${marker}` } },
        [202],
      );
    await Promise.all(this.#options.random.below(2) === 0 ? [send()] : [send(), send()]);
    return holder;
  }

  async #mustLogIn(holder: Holder): Promise<Session> {
    const response = await this.logIn(holder);
    if (response.status !== 201)
      throw new UnexpectedResponse('POST /sessions after an acknowledged sign-up', response);
    const { user, accessToken, refreshToken } = response.body;
    return { userId: user.userId, accessToken, refreshToken };
  }

  /** A lost response makes the client present a spent token. In time, it gets the successor. */
  async #refresh(session: Session): Promise<void> {
    const startedAt = performance.now();
    const body = { refreshToken: session.refreshToken };
    const response = await this.#post('/sessions/refresh', { body });
    if (response.status === 401 && performance.now() - startedAt > GRACE_MS) return;
    if (response.status !== 200) throw new UnexpectedResponse('POST /sessions/refresh', response);
    session.refreshToken = response.body.refreshToken;
    this.refreshes += 1;
  }

  async #forget(holder: Holder, { accessToken: token }: Session): Promise<void> {
    const lostBefore = this.lostResponses;
    const { password } = holder;
    const url = `${this.#options.commandUrl}/api/v1/accounts/me`;
    const response = await this.#retry(() => call('DELETE', url, { token, body: { password } }));
    // The access token of a forgotten person is not valid: an earlier attempt has succeeded.
    const isRepeated = this.lostResponses > lostBefore && [401, 404].includes(response.status);
    if (response.status !== 204 && !isRepeated) throw new UnexpectedResponse('DELETE /accounts/me', response);
    this.forgotten.push(holder);
  }

  async #post(
    path: string,
    options: { readonly body: unknown },
    allowed?: readonly number[],
  ): Promise<HttpResponse> {
    const url = `${this.#options.commandUrl}/api/v1${path}`;
    const response = await this.#retry(() => call('POST', url, options));
    if (allowed !== undefined && !allowed.includes(response.status))
      throw new UnexpectedResponse(`POST ${path}`, response);
    return response;
  }

  /** Also waits while too many passwords are being hashed. */
  async #retry(request: () => Promise<HttpResponse>): Promise<HttpResponse> {
    const { signal } = this.#options;
    for (;;) {
      const response = await retryUntilAnswered(request, signal, () => {
        this.lostResponses += 1;
      });
      if (response.status !== 429) return response;
      await sleep(BUSY_PAUSE_MS, undefined, { signal });
    }
  }
}

const newEmail = (): string => `${randomBytes(12).toString('hex')}@example.com`;
