/** Draws the whole page from its state; several calls in one turn of the event loop draw once. */
let draw: () => void = () => {};
let isQueued = false;

export function drawWith(painter: () => void): void {
  draw = painter;
}

export function redraw(): void {
  if (isQueued)
    return;
  isQueued = true;
  queueMicrotask(() => {
    isQueued = false;
    draw();
  });
}
