import { redraw } from './redraw';

/** The system's colour scheme, unless the user has chosen one. */
export type Theme = 'system' | 'light' | 'dark';

const name = 'facesearch.theme';
const order: Theme[] = ['system', 'light', 'dark'];

export function theme(): Theme {
  const stored = localStorage.getItem(name) as Theme | null;
  return stored && order.includes(stored) ? stored : 'system';
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = theme();
}

export function nextTheme(): void {
  localStorage.setItem(name, order[(order.indexOf(theme()) + 1) % order.length]!);
  applyTheme();
  redraw();
}
