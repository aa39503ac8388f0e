import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { listFaces } from '../api/calls';
import type { Face } from '../api/types';
import { announce } from '../app/announce';
import { currentCollection, state } from '../app/state';
import { Task } from '../app/task';
import { faceCard } from '../components/face-card';
import { openKeyDialog } from '../controls/key-dialog';
import { moreButton } from '../controls/more-button';
import { problemBox } from '../controls/problem';
import { counted } from '../logic/format';
import type { View } from './view';

const listing = new Task();
const my = {
  faces: null as Face[] | null,
  cursor: undefined as string | undefined,
  person: '',
  tag: '',
  externalId: '',
};

/** Announces the number of faces after a user's request, but not after a change. */
async function list(cursor?: string, isNews = true): Promise<void> {
  await listing.run(async (signal) => {
    const { person, tag, externalId } = my;
    const page = await listFaces(state.collection, { person, tag, externalId, cursor, limit: 48 }, signal);
    my.faces = cursor ? [...(my.faces ?? []), ...page.faces] : page.faces;
    my.cursor = page.nextCursor;
    if (isNews)
      announce(`${counted(my.faces.length, 'face')} shown.`);
  });
}

function filter(event: SubmitEvent): void {
  event.preventDefault();
  const form = new FormData(event.target as HTMLFormElement);
  for (const name of ['person', 'tag', 'externalId'] as const)
    my[name] = String(form.get(name)).trim();
  void list();
}

function clear(): void {
  document.querySelector<HTMLFormElement>('.filters')?.reset();
  Object.assign(my, { person: '', tag: '', externalId: '' });
  void list();
}

export const facesView: View = {
  title: 'Faces',
  enter() { void list(); },
  leave() { listing.stop(); },

  render() {
    const collection = currentCollection();
    const isFiltered = my.person !== '' || my.tag !== '' || my.externalId !== '';
    return html`
      <div class="view-head"><h1 tabindex="-1">Faces</h1>
        ${collection ? html`<p class="muted">${counted(collection.faceCount, 'face')} of ${counted(collection.personCount, 'person')} in “${collection.name}”, embedded by ${collection.model}.</p>` : nothing}</div>
      <form class="filters" @submit=${filter} role="search" aria-label="Filter the faces">
        <label class="field"><span>Person</span><input name="person" .value=${my.person}></label>
        <label class="field"><span>Tag</span><input name="tag" .value=${my.tag}></label>
        <label class="field"><span>External id</span><input name="externalId" .value=${my.externalId}></label>
        <div class="row"><button class="button">Filter</button>
          ${isFiltered ? html`<button type="button" class="button quiet" @click=${clear}>Clear</button>` : nothing}</div>
      </form>
      ${problemBox(listing.problem, openKeyDialog, html`<button type="button" class="button small" @click=${() => list()}>Try again</button>`)}
      ${my.faces?.length === 0 && !listing.running
        ? html`<div class="empty"><h2>${isFiltered ? 'No face matches the filter' : 'No face is enrolled yet'}</h2>
            <p class="muted">${isFiltered ? 'Write names and tags exactly as they are stored.' : 'Enrol a picture, a zip or a folder first.'}</p>
            ${isFiltered ? html`<button type="button" class="button" @click=${clear}>Show all</button>` : html`<a class="button primary" href="#/enrol">Enrol faces</a>`}</div>`
        : html`<ul class="cards" aria-busy=${listing.running} aria-label="Faces">
            ${repeat(my.faces ?? [], (face) => face.faceId, (face) => faceCard(face, () => void list(undefined, false)))}</ul>`}
      ${moreButton(my.cursor !== undefined, listing.running, () => void list(my.cursor))}`;
  },
};
