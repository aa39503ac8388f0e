/** Draws the whole page from its state; several calls in one turn of the event loop draw once. */
let draw: () => void = () => {};
let isQueued = false;

export function drawWith(painter: () => void): void {
  draw = painter;
}

/** Calls back when a redraw that is queued now has been done. */
export const afterRedraw = (callback: () => void): void => queueMicrotask(callback);

export function redraw(): void {
  if (isQueued)
    return;
  isQueued = true;
  queueMicrotask(() => {
    isQueued = false;
    draw();
  });
}
