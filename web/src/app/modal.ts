import { render, type TemplateResult } from 'lit-html';
import { redraw } from './redraw';

/** A native dialog: the browser keeps the focus inside, closes it on Escape and restores the focus. */
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

/** Shows a dialog and returns the value it was closed with; undefined when the user dismissed it. */
export function openModal<T = true>(
  label: string, content: (close: (value?: T) => void) => TemplateResult, kind = '',
): Promise<T | undefined> {
  return new Promise((resolve) => {
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
