import { Problem } from '../api/problem';
import { announce } from './announce';
import { redraw } from './redraw';

/**
 * One kind of request: whether it runs, and its problem. Starting it again aborts the run before, so an old answer
 * never overwrites a new one.
 */
export class Task {
  running = false;
  problem: Problem | null = null;
  private controller: AbortController | null = null;

  /** True when the work completed; false when it failed or was aborted. */
  async run(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    this.stop();
    const controller = (this.controller = new AbortController());
    this.running = true;
    this.problem = null;
    redraw();
    try {
      await work(controller.signal);
      return this.controller === controller;
    } catch (thrown) {
      if (this.controller === controller) {
        this.problem = Problem.from(thrown);
        if (this.problem)
          announce(`${this.problem.title}. ${this.problem.message}`);
      }
      return false;
    } finally {
      if (this.controller === controller) {
        this.controller = null;
        this.running = false;
        redraw();
      }
    }
  }

  stop(): void {
    this.controller?.abort();
    this.controller = null;
    this.running = false;
  }

  clear(): void {
    this.stop();
    this.problem = null;
  }
}
