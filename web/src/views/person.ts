import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import {
  erasePerson, excludeFace, getPerson, listExclusions, listFaces, listPersons, mergePersons, removeExclusion, renamePerson,
} from '../api/calls';
import type { ErasureReceipt, Exclusion, Face, Person } from '../api/types';
import { announce } from '../app/announce';
import { openModal } from '../app/modal';
import { redraw } from '../app/redraw';
import { go } from '../app/route';
import { refresh, state } from '../app/state';
import { Task } from '../app/task';
import { faceCard } from '../components/face-card';
import { openFace } from '../components/face-dialog';
import { confirm } from '../controls/confirm';
import { download } from '../controls/download';
import { openKeyDialog } from '../controls/key-dialog';
import { moreButton } from '../controls/more-button';
import { problemBox } from '../controls/problem';
import { counted, moment } from '../logic/format';

const loading = new Task();
const listing = new Task();
const changing = new Task();
const my = {
  id: '',
  person: null as Person | null,
  etag: null as string | null,
  faces: [] as Face[],
  cursor: undefined as string | undefined,
  exclusions: [] as Exclusion[],
};

async function load(): Promise<void> {
  changing.clear();
  await loading.run(async (signal) => {
    const found = await getPerson(state.collection, my.id, signal);
    my.exclusions = await listExclusions(state.collection, my.id, signal);
    my.person = found.value;
    my.etag = found.etag;
  });
  await listOfFaces();
}

async function listOfFaces(cursor?: string): Promise<void> {
  if (!my.person)
    return;
  await listing.run(async (signal) => {
    const page = await listFaces(state.collection, { personId: my.id, cursor, limit: 48 }, signal);
    my.faces = cursor ? [...my.faces, ...page.faces] : page.faces;
    my.cursor = page.nextCursor;
  });
}

async function rename(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const name = String(new FormData(event.target as HTMLFormElement).get('name')).trim();
  await changing.run(async () => {
    const { value, etag } = await renamePerson(state.collection, my.id, name, my.etag);
    Object.assign(my, { person: { ...my.person!, name: value.name ?? name }, etag });
    announce(`Renamed to ${my.person?.name}.`);
    void listOfFaces(undefined);
  });
}

async function notThisPerson(face: Face): Promise<void> {
  if (await changing.run(async () => void (await excludeFace(state.collection, my.id, face.faceId)))) {
    announce(`The face is no longer ${my.person?.name}, and searches exclude it.`);
    await load();
    void refresh();
  }
}

async function takeBack(exclusion: Exclusion): Promise<void> {
  if (await changing.run(() => removeExclusion(state.collection, my.id, exclusion.faceId))) {
    announce('The exclusion was removed.');
    await load();
  }
}

async function merge(other: Person): Promise<void> {
  if (await changing.run(() => mergePersons(state.collection, my.id, [other.personId]))) {
    announce(`${other.name} was merged into ${my.person?.name}.`);
    await load();
    void refresh();
  }
}

/** The action for a rename that failed: merge with the person of that name, or load the current version. */
function mergeInstead(): TemplateResult | typeof nothing {
  const personId = changing.problem?.code === 'person-exists' ? changing.problem.facts['personId'] : null;
  return typeof personId === 'string'
    ? html`<button type="button" class="button small" @click=${() => merge({ ...my.person!, personId, name: 'The other' })}>Merge that person into this one</button>`
    : changing.problem?.code === 'changed-meanwhile'
      ? html`<button type="button" class="button small" @click=${load}>Show the current version</button>`
      : nothing;
}

async function chooseToMerge(): Promise<void> {
  const finding = new Task();
  let found: Person[] = [];
  const find = (name: string): Promise<boolean> => finding.run(async (signal) => {
    const page = await listPersons(state.collection, { name, limit: 12 }, signal);
    found = page.persons.filter((person) => person.personId !== my.id);
  });
  void find('');
  const other = await openModal<Person>('Merge another person into this one', (close) => html`
    <div class="stack">
      <h2>Which person is also ${my.person!.name}?</h2>
      <p class="muted">All faces of the person you choose become faces of ${my.person!.name}. The other name is deleted.</p>
      <label class="field"><span>Name begins with</span>
        <input type="search" autofocus @input=${(event: Event) => void find((event.target as HTMLInputElement).value)}></label>
      ${problemBox(finding.problem, openKeyDialog)}
      <ul class="choices">${repeat(found, (person) => person.personId, (person) => html`
        <li><button type="button" class="choice" @click=${() => close(person)}>
          <face-crop face=${person.sampleFaceId ?? ''}></face-crop><span class="grow">${person.name}</span>
          <span class="muted small">${counted(person.faceCount, 'face')}</span></button></li>`)}</ul>
      <div class="row end"><button type="button" class="button" @click=${() => close()}>Cancel</button></div>
    </div>`);
  if (other && (await confirm({
    title: `Merge ${other.name} into ${my.person!.name}?`,
    text: `${counted(other.faceCount, 'face')} of ${other.name} become faces of ${my.person!.name}. This can’t be undone; you can only change the person of single faces.`,
    action: 'Merge',
  })))
    await merge(other);
}

async function erase(): Promise<void> {
  const person = my.person!;
  if (!(await confirm({
    title: `Erase ${person.name}?`,
    text: `All ${counted(person.faceCount, 'face')}, their pictures, their embeddings and their entries in jobs are deleted. This can’t be undone.`,
    action: 'Erase the person',
    typed: person.name,
  })))
    return;
  let receipt: ErasureReceipt | null = null;
  if (await changing.run(async () => { receipt = await erasePerson(state.collection, my.id, my.etag); })) {
    announce(`${person.name} was erased.`);
    void refresh();
    await showReceipt(receipt!);
    go('persons');
  }
}

async function showReceipt(receipt: ErasureReceipt): Promise<void> {
  await openModal('Receipt of an erasure', (close) => html`
    <div class="stack" id="receipt">
      <h2>Erased</h2>
      <p>This receipt proves the erasure and contains no name. Keep it if you need the proof.</p>
      <dl class="facts">
        <div><dt>Receipt</dt><dd><code>${receipt.receiptId}</code></dd></div>
        <div><dt>When</dt><dd>${moment(receipt.erasedAt)}</dd></div>
        <div><dt>Faces</dt><dd data-fact="faces">${receipt.faceCount}</dd></div>
        <div><dt>Pictures</dt><dd>${receipt.imageCount}</dd></div>
        <div><dt>Job items</dt><dd>${receipt.jobItemCount}</dd></div>
        <div><dt>Exclusions</dt><dd>${receipt.exclusionCount}</dd></div>
        <div><dt>Archives</dt><dd>${receipt.archiveCount}</dd></div>
      </dl>
      <div class="row end">
        <button type="button" class="button" @click=${() => download(
          new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }), `erasure-${receipt.receiptId}.json`)}>Save as a file</button>
        <button type="button" class="button primary" autofocus @click=${() => close()}>Close</button>
      </div>
    </div>`);
}

function page(person: Person): TemplateResult {
  return html`
    <div class="view-head person-head">
      <face-crop face=${person.sampleFaceId ?? ''} class="large"></face-crop>
      <div><h1 tabindex="-1">${person.name}</h1><p class="muted">${counted(person.faceCount, 'face')} in “${state.collection}”</p></div>
    </div>
    <section class="panel" aria-label="Change the person">
      <form class="row wrap bottom" @submit=${rename}>
        <label class="field grow"><span>Name</span><input name="name" required maxlength="200" .value=${person.name}></label>
        <button class="button" ?disabled=${changing.running}>Rename</button>
        <button type="button" class="button" @click=${chooseToMerge}>Merge</button>
        <button type="button" class="button danger" @click=${erase}>Erase</button>
      </form>
    </section>
    ${problemBox(changing.problem, openKeyDialog, mergeInstead())}
    ${problemBox(listing.problem, openKeyDialog)}
    <ul class="cards" aria-label=${`Faces of ${person.name}`} aria-busy=${listing.running}>
      ${repeat(my.faces, (face) => face.faceId, (face) => faceCard(face, () => void load(), html`
        <button type="button" class="button small quiet card-action" @click=${() => notThisPerson(face)}
          aria-label=${`Not this person: face ${face.faceId}`}>Not this person</button>`))}</ul>
    ${moreButton(my.cursor !== undefined, listing.running, () => void listOfFaces(my.cursor))}
    ${my.exclusions.length === 0 ? nothing : html`
      <section class="stack" aria-labelledby="exclusions-title">
        <h2 id="exclusions-title">Not ${person.name}</h2>
        <p class="muted">A search never returns ${person.name} for these faces or for nearly identical pictures.</p>
        <ul class="choices">${repeat(my.exclusions, (exclusion) => exclusion.faceId, (exclusion) => html`
          <li class="choice-line"><face-crop face=${exclusion.faceId}></face-crop>
            <span class="grow"><button type="button" class="link" @click=${() => openFace(exclusion.faceId, redraw)}>Face ${exclusion.faceId}</button>
              <span class="muted small">since ${moment(exclusion.createdAt)}</span></span>
            <button type="button" class="button small quiet" @click=${() => takeBack(exclusion)}>Remove the exclusion</button></li>`)}</ul>
      </section>`}`;
}

export const personPage = {
  enter(id: string): void {
    if (id !== my.id)
      Object.assign(my, { person: null, faces: [], cursor: undefined, exclusions: [] });
    my.id = id;
    void load();
  },

  leave(): void {
    loading.stop();
    listing.stop();
  },

  render(): TemplateResult {
    return html`
      <p class="crumbs"><a href="#/persons">Persons</a></p>
      ${my.person ? page(my.person) : html`<div class="view-head"><h1 tabindex="-1">Person</h1></div>`}
      ${problemBox(loading.problem, openKeyDialog)}
      ${!my.person && loading.running ? html`<div class="skeletons"><div></div></div>` : nothing}`;
  },
};
