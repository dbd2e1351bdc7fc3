import type { Encoding } from '../../cli/replay/file/decode.ts';
import { replay } from '../../cli/replay/replay.ts';
import { describeReport } from '../../cli/replay/report/describe-report.ts';
import { httpUrl } from '../../platform/config/addresses.ts';
import type { Config } from '../../platform/config/config.ts';
import { exactJson } from '../../platform/http/response/json-text.ts';
import { openAudit } from '../audit.ts';
import { configOfRunningSystem } from '../start/stores/memory-store.ts';
import { createToken } from './token.ts';

interface ReplayCommand {
  readonly concurrency: number;
  readonly stockFactor: number;
  readonly json: boolean;
  readonly encoding: Encoding;
  readonly token?: string;
}

/** Replays a sales file through the APIs of this configuration; returns whether every check passes. */
export async function runReplay(config: Config, file: string, options: ReplayCommand): Promise<boolean> {
  const { host, commandPort, queryPort } = config;
  const print = (text: string) => void process.stderr.write(`${text}\n`);
  const report = await replay({
    file,
    encoding: options.encoding,
    commandUrl: httpUrl(host, commandPort),
    queryUrl: httpUrl(host, queryPort),
    token: options.token ?? createToken(config, 'replay', 'operator'),
    concurrency: options.concurrency,
    stockFactor: options.stockFactor,
    onProgress: print,
    openAuditor: () => openAudit(configOfRunningSystem(config), print),
  });
  process.stdout.write(`${options.json ? exactJson(report) : describeReport(report)}\n`);
  return report.checks.every(({ ok }) => ok);
}
