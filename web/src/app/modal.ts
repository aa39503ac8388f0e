import { render, type TemplateResult } from 'lit-html';
import { afterRedraw, redraw } from './redraw';

/** A native dialog: the browser keeps the focus inside and closes it on Escape. */
interface Modal { element: HTMLDialogElement; draw: () => void }

const open = new Set<Modal>();

export function drawModals(): void {
  for (const modal of open)
    modal.draw();
}

export function closeModals(): void {
  for (const modal of [...open])
    modal.element.close();
}

/** The control, or the one with the same text when a redraw has replaced it. */
function currentOf(control: HTMLElement): HTMLElement | undefined {
  if (control.isConnected)
    return control;
  const text = control.textContent?.trim();
  return [...document.querySelectorAll<HTMLElement>(control.localName)].find((other) => other.textContent?.trim() === text);
}

/**
 * Shows a dialog and returns the value it was closed with; undefined when the user dismissed it. Afterwards the focus returns
 * to the control that had it.
 */
export function openModal<T = true>(
  label: string, content: (close: (value?: T) => void) => TemplateResult, kind = '',
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const element = document.createElement('dialog');
    element.className = `dialog ${kind}`;
    element.setAttribute('aria-label', label);
    let answer: T | undefined;
    const close = (value?: T): void => {
      answer = value;
      element.close();
    };
    const modal: Modal = { element, draw: () => render(content(close), element) };
    element.addEventListener('close', () => {
      open.delete(modal);
      element.remove();
      resolve(answer);
      redraw();
      afterRedraw(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement)
          currentOf(before)?.focus();
      });
    });
    element.addEventListener('click', (event) => {
      if (event.target === element)
        close();
    });
    document.body.append(element);
    open.add(modal);
    modal.draw();
    element.showModal();
  });
}
