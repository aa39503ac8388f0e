/** The live region that screen readers read changes from. */
let region: HTMLElement | null = null;

export function announceIn(element: HTMLElement): void {
  region = element;
}

export function announce(text: string): void {
  if (region && region.textContent !== text)
    region.textContent = text;
}
