/** Exit codes, and errors that a user can mend. */
export const EXIT = { done: 0, problems: 1, cannot: 2 } as const;

export class UserError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = EXIT.cannot) {
    super(message);
    this.exitCode = exitCode;
  }
}
