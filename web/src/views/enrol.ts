import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { detectFaces, enrolFaces, listPersons, removeFace } from '../api/calls';
import type { Box, DetectAnswer, DetectedFace, EnrolAnswer, NearDuplicates, QualityLevel } from '../api/types';
import { announce } from '../app/announce';
import { redraw } from '../app/redraw';
import { go } from '../app/route';
import { currentCollection, refresh, state } from '../app/state';
import { Task } from '../app/task';
import { dropZone } from '../components/drop-zone';
import { enrolResult } from '../components/enrol-result';
import { openFace } from '../components/face-dialog';
import { cutOut, markedPicture } from '../components/picture';
import { qualityTable, reasonList } from '../components/quality';
import { openKeyDialog } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import { isArchive, isPicture, worthSending, type FolderFile } from '../logic/archive';
import { boxText } from '../logic/boxes';
import { counted, tagsOf } from '../logic/format';
import { enterJobs, isWatching, jobsSection, leaveJobs, sendArchive, sendFolder, sendingSection } from './jobs';
import type { View } from './view';

const detecting = new Task();
const enrolling = new Task();
const my = {
  file: null as File | null,
  url: '',
  found: null as DetectAnswer | null,
  /** The index of the face to enrol; -1 for all faces. */
  selected: null as number | null,
  wanted: null as Box | null,
  person: '',
  externalId: '',
  tags: '',
  quality: 'low' as QualityLevel,
  nearDuplicates: 'warn' as NearDuplicates,
  answer: null as EnrolAnswer | null,
  removed: new Set<string>(),
  suggestions: [] as string[],
  refused: '',
};

/** Opens the view with a face from a search. */
export function enrolFace(file: File, box: Box, person: string | null): void {
  show(file, box);
  my.person = person ?? '';
  go('enrol');
}

function show(file: File, wanted: Box | null = null): void {
  if (my.url)
    URL.revokeObjectURL(my.url);
  Object.assign(my, {
    file, url: URL.createObjectURL(file), found: null, selected: null, wanted, answer: null, person: '', externalId: '',
    tags: '', refused: '', removed: new Set<string>(),
  });
  enrolling.clear();
  void detect();
}

async function detect(): Promise<void> {
  const file = my.file!;
  await detecting.run(async (signal) => {
    const found = await detectFaces(file, my.quality, currentCollection()?.model, signal);
    my.found = found;
    my.selected = choiceOf(found.faces);
    announce(found.faces.length === 0 ? 'No face was found in the picture.' : `${counted(found.faces.length, 'face')} found.`);
  });
}

/** The index of the requested face, or of the main face (the API's default); null without faces. */
function choiceOf(faces: readonly DetectedFace[]): number | null {
  if (faces.length === 0)
    return null;
  const overlap = (box: Box): number => {
    const wanted = my.wanted!;
    const width = Math.min(box.x + box.width, wanted.x + wanted.width) - Math.max(box.x, wanted.x);
    const height = Math.min(box.y + box.height, wanted.y + wanted.height) - Math.max(box.y, wanted.y);
    return Math.max(0, width) * Math.max(0, height);
  };
  return my.wanted
    ? faces.reduce((best, face, index) => (overlap(face.box) > overlap(faces[best]!.box) ? index : best), 0)
    : faces.findIndex((face) => face.main);
}

async function enrol(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const face = my.selected !== null && my.selected >= 0 ? my.found?.faces[my.selected] : undefined;
  await enrolling.run(async () => {
    const fields = { person: my.person.trim(), externalId: my.externalId.trim(), tags: tagsOf(my.tags).join(',') };
    my.answer = await enrolFaces(state.collection, my.file!, fields, {
      faces: face ? 'main' : 'all',
      targetBox: face && my.found!.faces.length > 1 ? boxText(face.box) : undefined,
      quality: my.quality,
      nearDuplicates: my.nearDuplicates,
    });
    announce(`${counted(my.answer.faces.length, 'face')} enrolled.`);
    void refresh();
  });
}

async function undo(faceId: string): Promise<void> {
  await enrolling.run(async () => {
    await removeFace(state.collection, faceId, null);
    my.removed.add(faceId);
    announce('The new face was removed again.');
    void refresh();
  });
}

async function suggest(text: string): Promise<void> {
  my.person = text;
  if (state.canRead && text.trim() !== '') {
    const page = await listPersons(state.collection, { name: text.trim(), limit: 8 }).catch(() => null);
    if (page && my.person === text)
      my.suggestions = page.persons.map((person) => person.name);
  }
  redraw();
}

function start(): void {
  if (my.url)
    URL.revokeObjectURL(my.url);
  Object.assign(my, { file: null, url: '', found: null, answer: null, refused: '' });
  detecting.clear();
  enrolling.clear();
  redraw();
}

function take(files: FolderFile[]): void {
  const sent = worthSending(files);
  const [first] = sent;
  if (!first)
    return;
  if (sent.length === 1 && isArchive(first.file)) {
    start();
    void sendArchive(first.file);
  } else if (sent.length === 1 && isPicture(first.file)) {
    show(first.file);
  } else if (sent.some((entry) => isPicture(entry.file))) {
    start();
    void sendFolder(sent);
  } else {
    my.refused = 'There are no pictures among these files. Send JPEG, PNG, WebP, GIF or BMP, or several of them as a folder or a zip.';
    announce(my.refused);
    redraw();
  }
}

function field(label: string, note: string, content: TemplateResult): TemplateResult {
  return html`<label class="field"><span>${label} ${note ? html`<small>${note}</small>` : nothing}</span>${content}</label>`;
}

const set = (name: 'externalId' | 'tags') => (event: Event): void => {
  my[name] = (event.target as HTMLInputElement).value;
  redraw();
};

const chosen = <T extends string>(event: Event): T => (event.target as HTMLSelectElement).value as T;

function choice(): TemplateResult | typeof nothing {
  const found = my.found;
  if (!found || my.selected === null)
    return nothing;
  const faces = my.selected === -1 ? found.faces : [found.faces[my.selected]!];
  return html`
    ${found.faces.length > 1 ? html`
      <label class="check"><input id="all-faces" type="checkbox" .checked=${live(my.selected === -1)}
        @change=${() => { my.selected = my.selected === -1 ? choiceOf(found.faces) : -1; redraw(); }}>
        <span>All ${found.faces.length} faces <small>The name is that of the main face. Otherwise only the face you click is enrolled.</small></span></label>` : nothing}
    <div class="quality-list">
      ${faces.map((face) => html`
        <section class="quality" aria-label="Quality of the face">
          ${cutOut(my.url, face.box, found.image, 'The face to enrol')}
          <div class="grow">${reasonList(face.reasons)}</div>
        </section>
        ${faces.length === 1 && face.quality ? html`<details><summary>What was measured</summary>${qualityTable(face.quality)}</details>` : nothing}`)}
    </div>`;
}

function form(): TemplateResult {
  const found = my.found;
  return html`
    <form class="panel stack" @submit=${enrol} aria-label="What is known about the face">
      ${choice()}
      ${field('Person', 'optional; defaults to the name in the file name', html`
        <input id="person" list="persons" .value=${live(my.person)} autocomplete="off" maxlength="200"
          @input=${(event: Event) => void suggest((event.target as HTMLInputElement).value)}>`)}
      <datalist id="persons">${my.suggestions.map((name) => html`<option value=${name}></option>`)}</datalist>
      ${field('Tags', 'separated by commas; a search can filter by them', html`<input id="tags" .value=${live(my.tags)} @input=${set('tags')}>`)}
      <details>
        <summary>More</summary>
        <div class="stack">
          ${field('External id', 'your own id, unique in the collection', html`<input id="external-id" .value=${live(my.externalId)} @input=${set('externalId')}>`)}
          ${field('Minimum quality', '', html`
            <select id="quality" @change=${(event: Event) => { my.quality = chosen(event); void detect(); }}>
              ${['none', 'low', 'medium', 'high'].map((level) => html`<option value=${level} ?selected=${my.quality === level}>${level}</option>`)}
            </select>`)}
          ${field('A face that is enrolled already', '', html`
            <select id="near-duplicates" @change=${(event: Event) => { my.nearDuplicates = chosen(event); }}>
              <option value="warn" ?selected=${my.nearDuplicates === 'warn'}>enrol it and warn me</option>
              <option value="refuse" ?selected=${my.nearDuplicates === 'refuse'}>refuse it</option>
              <option value="ignore" ?selected=${my.nearDuplicates === 'ignore'}>enrol it</option>
            </select>`)}
        </div>
      </details>
      ${refusal()}
      <div class="row">
        <button class="button primary" ?disabled=${enrolling.running || !found || found.faces.length === 0}>
          ${enrolling.running ? 'Enrolling' : my.selected === -1 ? `Enrol ${found!.faces.length} faces` : 'Enrol this face'}</button>
        <button type="button" class="button quiet" @click=${start}>Another picture</button>
      </div>
    </form>`;
}

/** The problem with the enrolled face that it names, or with the reasons why this face is refused. */
function refusal(): TemplateResult | typeof nothing {
  const problem = enrolling.problem;
  if (!problem)
    return nothing;
  const faceId = problem.facts['faceId'] ?? problem.facts['enrolledFaceId'];
  const reasons = problem.facts['reasons'];
  return html`
    ${problemBox(problem, openKeyDialog, typeof faceId === 'string' && faceId !== ''
      ? html`<button type="button" class="button small" @click=${() => openFace(faceId, () => {})}>Show the enrolled face</button>` : nothing)}
    ${Array.isArray(reasons) ? reasonList(reasons as string[]) : nothing}`;
}

function single(): TemplateResult {
  const found = my.found;
  return html`
    <div class="split busy-split">
      <div class="stack">
        ${found && found.faces.length > 0
          ? html`<div class="picture-stand">${markedPicture({
              url: my.url,
              image: found.image,
              alt: `The picture to enrol from, ${counted(found.faces.length, 'face')}`,
              faces: found.faces.map((face, index) => ({
                box: face.box,
                label: `Face ${index + 1} of ${found.faces.length}${face.reasons.length > 0 ? ', not good enough' : ''}`,
                kind: face.reasons.length > 0 ? 'refused' as const : 'known' as const,
              })),
              selected: my.selected,
              onSelect: my.answer ? undefined : (index) => { my.selected = index; redraw(); },
            })}</div>`
          : html`<div class="picture-wait ${detecting.running ? 'busy' : ''}"><img src=${my.url} alt="The picture to enrol from"></div>`}
        ${found && found.faces.length > 1 && !my.answer ? html`<p class="muted small">Click the face to enrol.</p>` : nothing}
      </div>
      <div class="stack" aria-busy=${detecting.running}>
        ${detecting.problem
          ? html`${problemBox(detecting.problem, openKeyDialog)}<div class="row"><button type="button" class="button" @click=${start}>Another picture</button></div>`
          : my.answer
            ? enrolResult({
                answer: my.answer, url: my.url, removed: my.removed, problem: enrolling.problem,
                onRemove: (faceId) => void undo(faceId), onNext: start,
              })
          : found?.faces.length === 0
            ? html`<div class="empty"><h2>No face in this picture</h2><p class="muted">Send a picture with an upright, well-lit and large enough face.</p>
                <button type="button" class="button primary" @click=${start}>Another picture</button></div>`
          : form()}
      </div>
    </div>`;
}

export const enrolView: View = {
  title: 'Enrol',
  enter(id) { enterJobs(id); },
  leave() { leaveJobs(); },
  take,

  render() {
    return html`
      <div class="view-head"><h1 tabindex="-1">Enrol</h1>
        ${my.file ? nothing : html`<p class="muted">Into “${state.collection}”. For one picture you choose the face and see its quality. A zip or a folder starts a job.</p>`}</div>
      ${my.file ? single() : html`
        ${dropZone({
          title: 'Drop a picture, a zip or a folder',
          hint: 'A file’s folder is the person’s name: faces/Ada Lovelace/1.jpg.',
          takesMany: true,
          compact: isWatching(),
          onFiles: take,
        })}
        ${my.refused ? html`<div class="notice bad" role="alert"><p>${my.refused}</p></div>` : nothing}
        ${sendingSection()}
        ${jobsSection()}`}`;
  },
};
