import { render, type TemplateResult } from 'lit-html';
import { redraw } from './redraw';

/** Dialogs are the browser's own: it keeps the focus inside, closes on Escape and gives the focus back. */
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

/** Shows a dialog and answers what it was closed with; undefined when it was dismissed. */
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
