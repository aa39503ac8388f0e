import { Problem } from '../api/problem';
import { announce } from './announce';
import { redraw } from './redraw';

/**
 * One piece of work with the server: whether it runs, and what went wrong. Starting it again calls the run before off,
 * so an old answer never overwrites a new one.
 */
export class Task {
  running = false;
  problem: Problem | null = null;
  private controller: AbortController | null = null;

  /** True when the work came to its end. */
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
