/** Structured logs: one JSON object a line, with the wall time, a level and a message; never secrets or payloads. */
export interface Logger {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

function plain(value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value;
}

export function jsonLogger(write: (line: string) => void, wallNow: () => number): Logger {
  const log =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const entry = { time: new Date(wallNow()).toISOString(), level, message, ...fields };
      write(JSON.stringify(entry, (_key, value: unknown) => plain(value)));
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}
