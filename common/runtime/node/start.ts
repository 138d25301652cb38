/**
 * What every main.ts does around its service: read the configuration, start, stop on a signal, and say in one
 * line why it could not start.
 * @module
 */
import { readFileSync } from 'node:fs';
import { loadConfig, splitConfigFlag } from '../../config/load.ts';
import type { ConfigOf, Schema } from '../../config/schema.ts';
import { FsError, toFsError } from '../../errors/fs-error.ts';
import type { Env } from '../env.ts';
import { createNodeEnv } from './env.ts';
import type { LogLevel } from './log.ts';

export interface Daemon {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** sysexits: bad configuration or state. */
const badStateExit = 2;
const failedExit = 1;
/** After a signal: a stop that takes longer is cut short. */
const stopMs = 30_000;

/**
 * Runs one daemon to its end. `make` may throw or reject; FsError EINVAL, EILSEQ and EBUSY exit with 2, others with 1.
 * @param schema must contain `name`, `logLevel` and `logFile` (see `commonSchema`).
 */
export async function runDaemon<const S extends Schema>(
  schema: S,
  make: (env: Env, config: ConfigOf<S>) => Daemon | Promise<Daemon>,
): Promise<void> {
  let daemon: Daemon | undefined;
  try {
    const { file, rest } = splitConfigFlag(process.argv.slice(2));
    const config = loadConfig(schema, {
      ...(file === undefined ? {} : { file: { path: file, text: readText(file) } }),
      environment: process.env,
      flags: rest,
    });
    const { name, logLevel, logFile } = config as unknown as { name: string; logLevel: LogLevel; logFile: string };
    const env = await createNodeEnv({ log: { name, level: logLevel, file: logFile } });
    daemon = await make(env, config);
    handleSignals(env, daemon);
    await daemon.start();
    env.log.info({}, 'started');
  } catch (error) {
    const known = toFsError(error);
    process.stderr.write(`nacre: ${known.message}\n`);
    if (!(error instanceof FsError)) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    await daemon?.stop().catch(() => undefined);
    process.exit(known.code === 'EINVAL' || known.code === 'EILSEQ' || known.code === 'EBUSY' ? badStateExit : failedExit);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new FsError('EINVAL', `cannot read the configuration ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function handleSignals(env: Env, daemon: Daemon): void {
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    env.log.info({ signal }, 'stopping');
    setTimeout(() => {
      env.log.error({ stopMs }, 'did not stop in time: exiting');
      process.exit(failedExit);
    }, stopMs).unref();
    daemon.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        env.log.error({ err: error }, 'stopping failed');
        process.exit(failedExit);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}
