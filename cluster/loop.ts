/**
 * Runs the controllers: store changes become keys, keys are reconciled until nothing is left to do, and what a controller
 * wants to look at later waits for the clock. Controllers take turns in a fixed order, so that a run can be repeated.
 */
import { StatusError } from './api/status.ts';
import { isCustom } from './custom-resources/index.ts';
import type { Controller, ControllerContext } from './controllers/controller.ts';
import { LIMITS } from './limits.ts';
import type { Clock, ResourceName } from './store/client.ts';
import type { Store, StoreEvent } from './store/store.ts';

/** Milliseconds: client-go's default rate limiter for a key that keeps failing. */
const BACKOFF_FIRST = 5;
const BACKOFF_LAST = 1000 * 1000;

interface Line {
  controller: Controller;
  context: ControllerContext;
  queue: Set<string>;
  /** When to look at a key again. */
  timers: Map<string, number>;
  failures: Map<string, number>;
}

export interface LoopParts {
  store: Store;
  clock: Clock;
  controllers: readonly Controller[];
  context(controller: Controller): ControllerContext;
  /** Whether the program that this controller is a part of runs; what it hears meanwhile waits for it. Default: always. */
  acts?(controller: Controller): boolean;
  /** A controller threw something that is no refusal of the API: our mistake. */
  onFault(controller: Controller, key: string, fault: unknown): void;
}

export class Loop {
  readonly #lines: Line[];
  readonly #watchers = new Map<ResourceName, readonly Line[]>();
  readonly #clock: Clock;
  readonly #acts: NonNullable<LoopParts['acts']>;
  readonly #onFault: LoopParts['onFault'];

  constructor({ store, clock, controllers, context, acts, onFault }: LoopParts) {
    this.#clock = clock;
    this.#acts = acts ?? (() => true);
    this.#onFault = onFault;
    this.#lines = controllers.map((controller) => ({
      controller,
      context: context(controller),
      queue: new Set(),
      timers: new Map(),
      failures: new Map(),
    }));
    store.subscribe((event) => this.#wake(event));
  }

  /** Shows every object to every controller, as informers do when they start. */
  sync(store: Store): void {
    for (const resource of store.resources()) {
      for (const object of store.list(resource)) {
        this.#wake({ type: 'ADDED', resource, revision: store.revision, object });
      }
    }
  }

  /** Has a controller look at a key: something happened that is in no object yet. */
  wake(controller: string, key: string): void {
    this.#lines.find((line) => line.controller.name === controller)?.queue.add(key);
  }

  /** Works until nothing is left to do at the present time. */
  settle(): void {
    this.#ring();
    let steps = 0;
    let busy = true;
    while (busy) {
      busy = false;
      for (const line of this.#lines) {
        if (line.queue.size === 0 || !this.#acts(line.controller)) continue;
        const keys = Array.from(line.queue);
        for (const key of line.controller.sorted?.(keys, line.context) ?? keys) {
          line.queue.delete(key);
          this.#reconcile(line, key);
          busy = true;
          if (++steps > LIMITS.settleSteps) {
            this.#onFault(line.controller, key, new Error(`no rest after ${LIMITS.settleSteps} steps`));
            return;
          }
        }
      }
    }
  }

  get idle(): boolean {
    return this.#lines.every(({ queue, controller }) => queue.size === 0 || !this.#acts(controller));
  }

  /** When the next timer rings, in milliseconds since 1970; undefined when none is set. */
  nextTimer(): number | undefined {
    let next: number | undefined;
    for (const { timers, controller } of this.#lines) {
      if (timers.size === 0 || !this.#acts(controller)) continue;
      for (const at of timers.values()) if (next === undefined || at < next) next = at;
    }
    // what fell due while its program did not run is due now
    return next === undefined ? undefined : Math.max(next, this.#clock.now());
  }

  #wake(event: StoreEvent): void {
    for (const { controller, context, queue } of this.#watching(event.resource)) {
      const watch = controller.watches[event.resource];
      const keys = watch ? watch(event, context) : controller.watchesCustom?.(event.resource, event, context);
      for (const key of keys ?? []) queue.add(key);
    }
  }

  /** Those who want to hear of a resource. */
  #watching(resource: ResourceName): readonly Line[] {
    const known = this.#watchers.get(resource);
    if (known) return known;
    const custom = isCustom(resource);
    const lines = this.#lines.filter(
      ({ controller: { watches, watchesCustom } }) => watches[resource] ?? (custom ? watchesCustom : undefined),
    );
    this.#watchers.set(resource, lines);
    return lines;
  }

  #ring(): void {
    const now = this.#clock.now();
    for (const { timers, queue, controller } of this.#lines) {
      if (timers.size === 0 || !this.#acts(controller)) continue;
      for (const [key, at] of timers) {
        if (at > now) continue;
        timers.delete(key);
        queue.add(key);
      }
    }
  }

  #reconcile(line: Line, key: string): void {
    try {
      const again = line.controller.reconcile(key, line.context);
      line.failures.delete(key);
      if (again === undefined) line.timers.delete(key);
      else if (again.afterMs <= 0) line.queue.add(key);
      else line.timers.set(key, this.#clock.now() + again.afterMs);
    } catch (fault) {
      // a refusal (quota, conflict) is part of the game and tried again later; anything else is our mistake, and is told
      if (!(fault instanceof StatusError)) this.#onFault(line.controller, key, fault);
      const failures = line.failures.get(key) ?? 0;
      line.failures.set(key, failures + 1);
      line.timers.set(key, this.#clock.now() + Math.min(BACKOFF_FIRST * 2 ** failures, BACKOFF_LAST));
    }
  }
}
