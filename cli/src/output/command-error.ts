/** A command cannot go on; the message says why and what to do next. Anything else that is thrown is a bug. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly exitCode: 1 | 2;
  /** `exitCode` 1: failed; 2: used wrongly. */
  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an unknown thrown value says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
