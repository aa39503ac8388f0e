import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { searchCollection } from '../api/calls';
import { session } from '../api/session';
import type { Match, SearchAnswer, SearchedFace } from '../api/types';
import { announce } from '../app/announce';
import { redraw } from '../app/redraw';
import { go } from '../app/route';
import { choose, currentCollection, state } from '../app/state';
import { Task } from '../app/task';
import { dropZone } from '../components/drop-zone';
import { openFace } from '../components/face-dialog';
import { cutOut, markedPicture } from '../components/picture';
import { icon } from '../controls/icons';
import { openKeyDialog, whereTheKeyIs } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import type { FolderFile } from '../logic/archive';
import { counted, distance, tagsOf } from '../logic/format';
import { bestMatch, cutGroups, cutMatches, nameOf } from '../logic/matches';
import { enrolFace } from './enrol';
import type { View } from './view';

/** The page searches once with these limits; the sliders filter the result. */
const mostMatches = 50;
const widest = 1.2;

const search = new Task();
const my = {
  k: 5,
  tolerance: 0.6,
  byPerson: false,
  tags: '',
  file: null as File | null,
  url: '',
  answer: null as SearchAnswer | null,
  selected: null as number | null,
  takesMs: 0,
};

/** Takes the tolerance chosen in the calibration view. */
export function useTolerance(tolerance: number): void {
  my.tolerance = Math.min(Math.max(tolerance, 0.05), widest);
  go('search');
}

function show(file: File): void {
  if (my.url)
    URL.revokeObjectURL(my.url);
  Object.assign(my, { file, url: URL.createObjectURL(file), answer: null, selected: null });
  void ask();
}

async function ask(): Promise<void> {
  const file = my.file;
  if (!file)
    return;
  await search.run(async (signal) => {
    const start = performance.now();
    const answer = await searchCollection(state.collection, file, {
      k: mostMatches,
      tolerance: widest,
      groupBy: my.byPerson ? 'person' : undefined,
      tag: tagsOf(my.tags),
    }, signal);
    Object.assign(my, { answer, takesMs: performance.now() - start });
    if (my.selected !== null && my.selected >= answer.faces.length)
      my.selected = null;
    announce(summary(answer));
  });
}

function summary(answer: SearchAnswer): string {
  if (answer.faces.length === 0)
    return 'No face was found in the picture.';
  const known = answer.faces.filter((face) => bestMatch(face, my.tolerance)).length;
  const faces = counted(answer.faces.length, 'face');
  return known === 0 ? `${faces}, none with a match.` : `${faces}, ${known} with a match.`;
}

/** Draws while the slider moves; announces the result when it is released. */
function slide(change: Partial<typeof my>, isAtRest: boolean): void {
  Object.assign(my, change);
  if (isAtRest && my.answer)
    announce(summary(my.answer));
  redraw();
}

function select(index: number): void {
  my.selected = my.selected === index ? null : index;
  redraw();
  if (my.selected !== null) {
    queueMicrotask(() => document.getElementById(`face-${index}`)?.scrollIntoView({
      block: 'nearest',
      behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
    }));
  }
}

function controls(): TemplateResult {
  return html`
    <section class="panel controls" aria-label="How to search">
      <label class="slider">
        <span>Tolerance <small class="muted">the largest distance of a match</small></span>
        <output>${my.tolerance.toFixed(2)}</output>
        <input id="tolerance" type="range" min="0.05" max=${widest} step="0.01" .value=${live(String(my.tolerance))}
          @input=${(event: Event) => slide({ tolerance: Number((event.target as HTMLInputElement).value) }, false)}
          @change=${() => slide({}, true)}>
      </label>
      <label class="slider">
        <span>k <small class="muted">${my.byPerson ? 'persons' : 'matches'} per face, at most</small></span>
        <output>${my.k}</output>
        <input id="k" type="range" min="1" max=${mostMatches} step="1" .value=${live(String(my.k))}
          @input=${(event: Event) => slide({ k: Number((event.target as HTMLInputElement).value) }, false)}
          @change=${() => slide({}, true)}>
      </label>
      <div class="row wrap">
        <label class="check"><input id="by-person" type="checkbox" .checked=${live(my.byPerson)}
          @change=${(event: Event) => { my.byPerson = (event.target as HTMLInputElement).checked; my.answer = null; void ask(); redraw(); }}>
          <span>One line per person</span></label>
        <label class="inline-field grow"><span>Only with tags</span>
          <input id="search-tags" .value=${my.tags} placeholder="all faces"
            @change=${(event: Event) => { my.tags = (event.target as HTMLInputElement).value; void ask(); }}></label>
      </div>
    </section>`;
}

function matchCard(match: Match): TemplateResult {
  return html`
    <li>
      <button type="button" class="match" @click=${() => openFace(match.faceId, () => void ask())}>
        <face-crop face=${match.faceId} size="160"></face-crop>
        <span class="match-name">${nameOf(match)}</span><span class="match-distance"><span class="visually-hidden">, distance </span>${distance(match.distance)}<span class="visually-hidden">, rank ${match.rank}</span></span>
        <meter class="nearness" min="0" max=${my.tolerance} value=${Math.max(0, my.tolerance - match.distance)} aria-hidden="true"></meter>
      </button>
    </li>`;
}

function faceMatches(face: SearchedFace): TemplateResult {
  if (face.groups) {
    const groups = cutGroups(face.groups, my.k, my.tolerance);
    return html`<ol class="groups" aria-label="Persons, nearest first">
      ${repeat(groups, (group) => group.personId ?? group.matches[0]!.faceId, (group) => html`
        <li class="group">
          <p class="group-name">${group.person ?? 'Without a person'}
            <span class="muted">${distance(group.matches[0]!.distance)} · ${counted(group.matches.length, 'face')}</span></p>
          <ol class="matches">${repeat(group.matches, (match) => match.faceId, matchCard)}</ol>
        </li>`)}
    </ol>`;
  }
  const matches = cutMatches(face.matches, my.k, my.tolerance);
  return html`<ol class="matches" aria-label="Matches, nearest first">
    ${repeat(matches, (match) => match.faceId, matchCard)}</ol>`;
}

function nearestBeyond(face: SearchedFace): TemplateResult {
  const nearest = face.matches[0];
  return html`<p class="muted unknown-line">No match within ${my.tolerance.toFixed(2)}${nearest
    ? html`; the nearest, ${nameOf(nearest)}, is at ${distance(nearest.distance)}`
    : html`. This face is unknown`}.</p>`;
}

function faceSection(face: SearchedFace, index: number, answer: SearchAnswer): TemplateResult {
  const best = bestMatch(face, my.tolerance);
  return html`
    <section id=${`face-${index}`} class="face-result ${my.selected === index ? 'selected' : ''}"
      aria-label=${`Face ${index + 1}`}>
      <header class="face-head">
        ${cutOut(my.url, face.box, answer.image, `Face ${index + 1} of the picture`)}
        <div class="grow">
          <h3>Face ${index + 1}: ${best ? html`<strong>${nameOf(best)}</strong>` : html`<span class="unknown">unknown</span>`}</h3>
          <p class="muted small">${face.box.width} × ${face.box.height} pixels · detector ${face.score.toFixed(2)}</p>
        </div>
        <button type="button" class="button small quiet" aria-label=${`Enrol face ${index + 1}`} @click=${() => enrolFace(my.file!, face.box, best?.person ?? null)}>
          ${icon('enrol')}<span>Enrol</span></button>
      </header>
      ${best ? faceMatches(face) : nearestBeyond(face)}
    </section>`;
}

function results(): TemplateResult | typeof nothing {
  if (search.problem)
    return problemBox(search.problem, openKeyDialog, html`<button type="button" class="button small" @click=${ask}>Try again</button>`) as TemplateResult;
  const answer = my.answer;
  if (!answer)
    return search.running ? html`<div class="skeletons" aria-hidden="true"><div></div><div></div></div>` : nothing;
  if (answer.faces.length === 0) {
    return html`<div class="empty"><h2>No face in this picture</h2>
      <p class="muted">Faces must be upright, lit and at least about 20 pixels wide. Try another picture.</p></div>`;
  }
  return html`
    <p class="summary" id="search-summary"><strong>${summary(answer)}</strong>
      <span class="muted small">${answer.collection} · ${answer.model} · ${Math.round(my.takesMs)} ms</span></p>
    ${answer.faces.map((face, index) => faceSection(face, index, answer))}`;
}

function picture(): TemplateResult | typeof nothing {
  if (!my.file)
    return nothing;
  const answer = my.answer;
  if (!answer)
    return html`<div class="picture-wait ${search.running ? 'busy' : ''}"><img src=${my.url} alt="The picture to search with"></div>`;

  const isCrowd = answer.faces.length > 12;
  return html`<div class="picture-stand">${markedPicture({
    url: my.url,
    image: answer.image,
    alt: `The picture to search with, ${counted(answer.faces.length, 'face')}`,
    faces: answer.faces.map((face, index) => {
      const best = bestMatch(face, my.tolerance);
      const name = best ? nameOf(best) : 'unknown';
      return {
        box: face.box,
        label: `Face ${index + 1}: ${name}${best ? `, distance ${distance(best.distance)}` : ''}`,
        caption: isCrowd ? undefined : best ? nameOf(best) : '?',
        kind: best ? 'known' as const : 'unknown' as const,
      };
    }),
    selected: my.selected,
    onSelect: select,
  })}</div>`;
}

function welcome(): TemplateResult {
  const collection = currentCollection();
  if (session.key === null) {
    return html`
      <section class="panel welcome" aria-labelledby="start-here">
        <h2 id="start-here">Start here</h2>
        <ol class="steps">
          <li><strong>Give this page the admin key.</strong> ${whereTheKeyIs}
            <div class="row"><button type="button" class="button primary" @click=${openKeyDialog}>${icon('key')}<span>Enter the key</span></button></div></li>
          <li><strong>Enrol some faces</strong> on the page <a href="#/enrol">Enrol</a>: a picture, a zip, or a folder with one folder per person.</li>
          <li><strong>Drop a picture here.</strong> Every face in it is searched.</li>
        </ol>
        <p class="muted small">A server started with <code>dotnet run</code> also searches and enrols without a key. Reading, changing and removing enrolled faces needs one.</p>
      </section>`;
  }
  if (collection && collection.faceCount === 0) {
    return html`
      <section class="panel welcome" aria-labelledby="start-here">
        <h2 id="start-here">No face is enrolled in “${collection.name}” yet</h2>
        <p>A search compares a picture with enrolled faces. Enrol a few pictures of a few people first.</p>
        <div class="row"><a class="button primary" href="#/enrol">${icon('enrol')}<span>Enrol faces</span></a></div>
      </section>`;
  }
  return html`<p class="muted">${collection
    ? html`${counted(collection.faceCount, 'face')} of ${counted(collection.personCount, 'person')} in “${collection.name}”. Drop, paste or choose a picture.`
    : 'Drop, paste or choose a picture.'}</p>`;
}

let askedIn = state.collection;

export const searchView: View = {
  title: 'Search',

  enter() {
    if (my.file && askedIn !== state.collection)
      void ask();
    askedIn = state.collection;
  },

  take(files: FolderFile[]) {
    const file = files[0]?.file;
    if (file)
      show(file);
  },

  render() {
    const zone = dropZone({
      title: my.file ? 'Another picture' : 'Drop a picture',
      hint: my.file ? 'Drop, paste or choose it.' : 'Or paste one. Every face in it is searched.',
      takesMany: false,
      compact: my.file !== null,
      onFiles: (files) => searchView.take!(files),
    });
    return html`
      <div class="view-head"><h1 tabindex="-1">Search</h1>${my.file ? nothing : welcome()}</div>
      <div class="split ${my.file ? 'busy-split' : ''}">
        <div class="stack">${picture()}${zone}</div>
        <div class="stack" aria-busy=${search.running}>
          ${my.file ? html`${controls()}${results()}` : nothing}
        </div>
      </div>`;
  },
};

export function chooseCollection(name: string): void {
  choose(name);
  searchView.enter!(null);
}
