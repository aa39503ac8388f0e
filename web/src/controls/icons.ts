import { svg, html, type TemplateResult } from 'lit-html';

/** Line icons on a grid of 24 by 24, in the text's colour. */
const shapes = {
  search: svg`<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5.5 5.5"/>`,
  enrol: svg`<path d="M12 5v14M5 12h14"/>`,
  faces: svg`<rect x="3.5" y="3.5" width="7" height="7" rx="1.5"/><rect x="13.5" y="3.5" width="7" height="7" rx="1.5"/><rect x="3.5" y="13.5" width="7" height="7" rx="1.5"/><rect x="13.5" y="13.5" width="7" height="7" rx="1.5"/>`,
  persons: svg`<circle cx="12" cy="8" r="3.8"/><path d="M4.5 20c.8-4.2 3.7-6 7.5-6s6.700 1.800 7.500 6"/>`,
  tolerance: svg`<path d="M3 19c3 0 3-12 6-12s2.500 12 5.500 12M10 19c3 0 3-9 6-9s2.500 9 5 9M12.300 3v18"/>`,
  admin: svg`<circle cx="8" cy="15.500" r="4"/><path d="M11 12.500L20 3.500M16.500 7l3 3"/>`,
  key: svg`<circle cx="8" cy="15.500" r="4"/><path d="M11 12.500L20 3.500M16.500 7l3 3"/>`,
  camera: svg`<path d="M4 8h3.500l1.500-2.500h6L16.500 8H20v11H4z"/><circle cx="12" cy="13" r="3.500"/>`,
  picture: svg`<rect x="3.500" y="4.500" width="17" height="15" rx="2"/><circle cx="9" cy="10" r="1.700"/><path d="M4 17.500l5-4 3.500 2.500 3.500-4 4.500 4.500"/>`,
  folder: svg`<path d="M3.500 6.500h6l2 2.500h9v10.500h-17z"/>`,
  system: svg`<circle cx="12" cy="12" r="7.500"/><path d="M12 4.500v15a7.500 7.500 0 0 0 0-15z" fill="currentColor"/>`,
  light: svg`<circle cx="12" cy="12" r="3.800"/><path d="M12 3v2.500M12 18.500V21M3 12h2.500M18.500 12H21M5.600 5.600l1.800 1.800M16.600 16.600l1.800 1.800M5.600 18.400l1.800-1.800M16.600 7.400l1.800-1.800"/>`,
  dark: svg`<path d="M19.500 14.500A8 8 0 1 1 9.500 4.500a6.500 6.500 0 0 0 10 10z"/>`,
  close: svg`<path d="M6 6l12 12M18 6L6 18"/>`,
  tag: svg`<path d="M4 4.500h8l8 8-7.500 7.500-8.500-8z"/><circle cx="8.500" cy="8.700" r="1.200"/>`,
  warning: svg`<path d="M12 4L21 19.500H3z"/><path d="M12 10v4.500M12 17v.3"/>`,
  done: svg`<path d="M5 12.500l4.500 4.500L19 7.500"/>`,
};

export type Icon = keyof typeof shapes;

export function icon(name: Icon): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`;
}
