import { html, nothing, render, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { session } from './api/session';
import { announceIn } from './app/announce';
import { closeModals, drawModals } from './app/modal';
import { drawWith, redraw } from './app/redraw';
import { go, parseRoute, type Route } from './app/route';
import { choose, refresh, state } from './app/state';
import { nextTheme, theme } from './app/theme';
import { forgetCrops } from './components/crop';
import { pastedFiles } from './components/drop-zone';
import { icon, type Icon } from './controls/icons';
import { keyChanged, openKeyDialog } from './controls/key-dialog';
import { droppedFiles } from './logic/archive';
import { adminView } from './views/admin';
import { calibrationView } from './views/calibration';
import { enrolView } from './views/enrol';
import { facesView } from './views/faces';
import { personsView } from './views/persons';
import { searchView } from './views/search';
import type { View } from './views/view';

const views: Record<string, View> = {
  search: searchView,
  enrol: enrolView,
  faces: facesView,
  persons: personsView,
  tolerance: calibrationView,
  admin: adminView,
};

const themeNames = { system: 'as the system', light: 'light', dark: 'dark' } as const;

/** False until the first refresh has read what the key may do. */
let isReady = false;
let route: Route = parseRoute(location.hash);
const view = (): View => views[route.view] ?? searchView;

function onCollection(event: Event): void {
  choose((event.target as HTMLSelectElement).value);
  forgetCrops();
  if (route.id !== null)
    go(route.view);
  else
    view().enter?.(null);
}

function shell(): TemplateResult {
  return html`
    <a class="skip" href="#main" @click=${(event: Event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>Skip to the content</a>
    <header class="bar">
      <a class="brand" href="#/search" aria-label="FaceSearch">
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true"><path d="M3 8V4.500A1.500 1.500 0 0 1 4.500 3H8M16 3h3.500A1.500 1.500 0 0 1 21 4.500V8M21 16v3.500a1.500 1.500 0 0 1-1.500 1.500H16M8 21H4.500A1.500 1.500 0 0 1 3 19.500V16"/><circle cx="12" cy="10" r="3"/><path d="M6.800 18c.7-2.800 2.600-4 5.200-4s4.500 1.200 5.200 4"/></svg>
        <span>FaceSearch</span></a>
      <div class="bar-tools">
        ${state.collections.length > 0 ? html`
          <label class="inline-field"><span class="visually-hidden">Collection</span>
            <select id="collection" @change=${onCollection} .value=${live(state.collection)}>
              ${state.collections.map((collection) => html`<option value=${collection.name} ?selected=${collection.name === state.collection}>${collection.name}</option>`)}
            </select></label>` : nothing}
        <button type="button" class="button quiet icon-button" @click=${nextTheme} aria-label=${`Colours: ${themeNames[theme()]}`} title=${`Colours: ${themeNames[theme()]}`}>${icon(theme())}</button>
        <button type="button" class="button ${session.key ? 'quiet' : 'primary'} key-button" @click=${openKeyDialog}>${icon('key')}<span>${session.key ? 'Key' : 'Enter key'}</span></button>
      </div>
    </header>
    <nav class="rail" aria-label="Main">
      ${Object.entries(views).map(([name, entry]) => html`
        <a href=${`#/${name}`} aria-current=${route.view === name ? 'page' : nothing}>${icon(name as Icon)}<span>${entry.title}</span></a>`)}
    </nav>
    <main id="main" tabindex="-1">${isReady ? view().render() : html`<div class="skeletons"><div></div></div>`}</main>`;
}

function draw(page: HTMLElement): void {
  render(shell(), page);
  drawModals();
}

function onRoute(): void {
  const before = view();
  const next = parseRoute(location.hash);
  if (before !== views[next.view])
    before.leave?.();
  closeModals();
  route = views[next.view] ? next : { view: 'search', id: null };
  if (!isReady)
    return;
  document.title = `${view().title} · FaceSearch`;
  view().enter?.(route.id);
  redraw();
  // A screen reader starts at the new view's title.
  setTimeout(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
  scrollTo(0, 0);
}

export async function startPage(page: HTMLElement, region: HTMLElement): Promise<void> {
  announceIn(region);
  drawWith(() => draw(page));
  draw(page);
  addEventListener('hashchange', onRoute);
  addEventListener(keyChanged, () => {
    forgetCrops();
    view().enter?.(route.id);
  });
  document.addEventListener('paste', (event) => {
    const files = pastedFiles(event);
    if (files.length > 0 && view().take && !document.querySelector('dialog[open]')) {
      event.preventDefault();
      view().take!(files);
    }
  });
  // Stops the browser from opening a file that is dropped beside the drop zone.
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => {
    if (event.defaultPrevented)
      return;
    event.preventDefault();
    if (event.dataTransfer)
      void droppedFiles(event.dataTransfer).then((files) => view().take?.(files));
  });
  await refresh();
  isReady = true;
  document.title = `${view().title} · FaceSearch`;
  view().enter?.(route.id);
  redraw();
}
