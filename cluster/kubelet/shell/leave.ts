/** How a shell leaves what it is in. */
/** Leaves loops, functions or the shell. */
export class Leave {
  readonly kind: 'break' | 'continue' | 'return' | 'exit';
  /** Loops to leave, or the exit code. */
  count: number;
  constructor(kind: Leave['kind'], count: number) {
    this.kind = kind;
    this.count = count;
  }
}
