import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { listPersons } from '../api/calls';
import type { Person } from '../api/types';
import { announce } from '../app/announce';
import { hashOf } from '../app/route';
import { state } from '../app/state';
import { Task } from '../app/task';
import { openKeyDialog } from '../controls/key-dialog';
import { moreButton } from '../controls/more-button';
import { problemBox } from '../controls/problem';
import { counted } from '../logic/format';
import { personPage } from './person';
import type { View } from './view';

const listing = new Task();
const my = {
  persons: null as Person[] | null,
  cursor: undefined as string | undefined,
  name: '',
  id: null as string | null,
};

async function list(cursor?: string): Promise<void> {
  await listing.run(async (signal) => {
    const page = await listPersons(state.collection, { name: my.name, cursor, limit: 48 }, signal);
    my.persons = cursor ? [...(my.persons ?? []), ...page.persons] : page.persons;
    my.cursor = page.nextCursor;
    announce(`${counted(my.persons.length, 'person')} shown.`);
  });
}

function personCard(person: Person): TemplateResult {
  return html`
    <li class="card">
      <a class="card-body" href=${hashOf('persons', person.personId)}>
        <face-crop face=${person.sampleFaceId ?? ''}></face-crop>
        <span class="card-name">${person.name}</span>
        <span class="muted small">${counted(person.faceCount, 'face')}</span>
      </a>
    </li>`;
}

export const personsView: View = {
  title: 'Persons',
  enter(id) {
    my.id = id;
    if (id === null)
      void list();
    else
      personPage.enter(id);
  },
  leave() {
    listing.stop();
    personPage.leave();
  },

  render() {
    if (my.id !== null)
      return personPage.render();
    return html`
      <div class="view-head"><h1 tabindex="-1">Persons</h1></div>
      <form class="filters" role="search" aria-label="Find a person" @submit=${(event: Event) => event.preventDefault()}>
        <label class="field"><span>Name begins with</span>
          <input id="person-name" type="search" .value=${live(my.name)}
            @input=${(event: Event) => { my.name = (event.target as HTMLInputElement).value; void list(); }}></label>
      </form>
      ${problemBox(listing.problem, openKeyDialog, html`<button type="button" class="button small" @click=${() => list()}>Try again</button>`)}
      ${my.persons?.length === 0 && !listing.running
        ? html`<div class="empty"><h2>${my.name ? `No name begins with “${my.name}”` : 'There are no persons yet'}</h2>
            ${my.name ? nothing : html`<p class="muted">Enrol a face with a name to add a person.</p>
              <a class="button primary" href="#/enrol">Enrol faces</a>`}</div>`
        : html`<ul class="cards" aria-busy=${listing.running} aria-label="Persons">
            ${repeat(my.persons ?? [], (person) => person.personId, personCard)}</ul>`}
      ${moreButton(my.cursor !== undefined, listing.running, () => void list(my.cursor))}`;
  },
};
