import { pino, type DestinationStream, type Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Log, LogFields } from '../log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogOptions {
  /** Name of the daemon, in every line. */
  readonly name: string;
  readonly level: LogLevel;
  /** File to append to; empty: standard output, pretty when it is a terminal. */
  readonly file: string;
}

/** Lines are written synchronously: nothing is lost when the process is killed, and daemons log little. */
export async function createLog(clock: Clock, options: LogOptions): Promise<Log> {
  const destination = await openDestination(options.file);
  return wrap(
    pino(
      {
        name: options.name,
        level: options.level,
        base: { name: options.name, pid: process.pid },
        timestamp: () => `,"time":${clock.nowMs()}`,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    ),
  );
}

async function openDestination(file: string): Promise<DestinationStream> {
  if (file !== '') return pino.destination({ dest: file, sync: true, mkdir: true, append: true });
  if (!process.stdout.isTTY) return pino.destination({ dest: 1, sync: true });
  const { default: pretty } = await import('pino-pretty');
  return pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l' });
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields: LogFields, message: string) => logger.debug(fields, message),
    info: (fields: LogFields, message: string) => logger.info(fields, message),
    warn: (fields: LogFields, message: string) => logger.warn(fields, message),
    error: (fields: LogFields, message: string) => logger.error(fields, message),
    child: (fields: LogFields) => wrap(logger.child(fields)),
  };
}
