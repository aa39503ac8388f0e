/** The page is drawn as a whole from its state; changes of one turn are drawn once. */
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
