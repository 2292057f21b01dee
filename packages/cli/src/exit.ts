/** Exit codes of every command; docs/reference/cli.md lists them. */
export const EXIT = {
  ok: 0,
  /** The command failed, or a run did not pass. */
  failure: 1,
  /** `plan`: there are changes. */
  changes: 2,
  /** The command line itself was wrong. */
  usage: 64,
} as const;

/** Leaves with a status when everything has been said already. */
export class ExitStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`exit ${status}`);
    this.status = status;
  }
}
