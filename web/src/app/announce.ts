/** Tells screen readers what sighted users see happen. */
let region: HTMLElement | null = null;

export function announceIn(element: HTMLElement): void {
  region = element;
}

export function announce(text: string): void {
  if (region && region.textContent !== text)
    region.textContent = text;
}
