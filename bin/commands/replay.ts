import type { Encoding } from '../../cli/replay/file/decode.ts';
import { replay } from '../../cli/replay/replay.ts';
import { describeReport } from '../../cli/replay/report/describe-report.ts';
import { exactJson } from '../../cli/replay/report/json.ts';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Config } from '../../platform/config/config.ts';
import { signToken } from '../../platform/http/tokens/tokens.ts';
import { openAudit } from '../audit.ts';
import { configOfRunningSystem } from '../start/stores/memory-store.ts';

export interface ReplayCommand {
  readonly concurrency: number;
  readonly stockFactor: number;
  readonly json: boolean;
  readonly encoding: Encoding;
  readonly token?: string;
}

const DAY_SECONDS = 24 * 3600;

/** Replays a sales file through the APIs of this configuration; returns whether every check passes. */
export async function runReplay(config: Config, file: string, options: ReplayCommand): Promise<boolean> {
  const { host, commandPort, queryPort, secret, tokenIssuer, tokenAudience } = config;
  const print = (text: string) => void process.stderr.write(`${text}\n`);
  const own = { sub: 'replay', role: 'operator', lifetimeSeconds: DAY_SECONDS } as const;
  const report = await replay({
    file,
    encoding: options.encoding,
    commandUrl: httpUrl(host, commandPort),
    queryUrl: httpUrl(host, queryPort),
    token: options.token ?? signToken(secret, { ...own, tokenIssuer, tokenAudience }),
    concurrency: options.concurrency,
    stockFactor: options.stockFactor,
    onProgress: print,
    openAuditor: () => openAudit(configOfRunningSystem(config), print),
  });
  process.stdout.write(`${options.json ? exactJson(report) : describeReport(report)}\n`);
  return report.checks.every(({ ok }) => ok);
}
