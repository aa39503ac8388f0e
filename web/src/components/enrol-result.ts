import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../api/problem';
import { session } from '../api/session';
import type { EnrolAnswer, EnrolWarning, Face } from '../api/types';
import { redraw } from '../app/redraw';
import { openKeyDialog } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import { counted, distance } from '../logic/format';
import { openFace } from './face-dialog';
import { cutOut } from './picture';
import { reasonList } from './quality';

export interface EnrolResult {
  answer: EnrolAnswer;
  /** The URL of the picture. */
  url: string;
  /** The ids of new faces that the user has removed again. */
  removed: ReadonlySet<string>;
  problem: Problem | null;
  onRemove: (faceId: string) => void;
  onNext: () => void;
}

/** The enrolled faces of a picture, its warnings and its refused faces. */
export function enrolResult(result: EnrolResult): TemplateResult {
  const { answer, url, removed } = result;
  const left = answer.faces.filter((face) => !removed.has(face.faceId));
  return html`
    <section class="panel stack" aria-label="What was enrolled">
      <h2>${left.length === 0 ? 'Nothing is enrolled' : `${counted(left.length, 'face')} enrolled`}</h2>
      <ul class="result-list">${left.map((face) => enrolledLine(face, result))}</ul>
      ${answer.warnings.map((warning) => warningBox(warning, result))}
      ${answer.known.length > 0 ? html`
        <section class="stack" aria-label="Known faces">
          <h3>${counted(answer.known.length, 'face')} enrolled before</h3>
          ${answer.known.map((face) => html`
            <div class="quality">${cutOut(url, face.box, answer.image, 'A face that was enrolled before')}
              <div class="grow"><button type="button" class="button small quiet" @click=${() => openFace(face.faceId, () => redraw())}>Open</button></div></div>`)}
        </section>` : nothing}
      ${answer.refused.length > 0 ? html`
        <section class="stack" aria-label="Faces not enrolled">
          <h3>${counted(answer.refused.length, 'face')} not enrolled</h3>
          ${answer.refused.map((face) => html`
            <div class="quality">${cutOut(url, face.box, answer.image, 'A refused face')}
              <div class="grow">${(face.reasons ?? []).length > 0 ? reasonList(face.reasons) : html`<p class="muted">Not the requested face.</p>`}</div></div>`)}
        </section>` : nothing}
      ${problemBox(result.problem, openKeyDialog)}
      <div class="row"><button type="button" class="button primary" @click=${result.onNext} autofocus>Another picture</button>
        <a class="button quiet" href="#/faces">See the collection</a></div>
    </section>`;
}

function enrolledLine(face: Face, { answer, url }: EnrolResult): TemplateResult {
  return html`<li class="quality">${cutOut(url, face.box, answer.image, 'An enrolled face')}
    <div class="grow"><p><strong>${face.person ?? 'Without a person'}</strong></p>
      <p class="muted small">Face ${face.faceId}${face.tags.length > 0 ? `, ${face.tags.join(', ')}` : ''}. Searches find it now.</p></div>
    <button type="button" class="button small quiet" @click=${() => openFace(face.faceId, () => redraw())}>Open</button></li>`;
}

function warningBox(warning: EnrolWarning, { answer, removed, onRemove }: EnrolResult): TemplateResult | typeof nothing {
  const faceId = warning.faceId ?? answer.faces[0]?.faceId;
  if (faceId && removed.has(faceId))
    return nothing;
  return html`
    <div class="notice warn" data-code=${warning.code}>
      <p class="notice-title">This face may be enrolled already${warning.person ? html`, as ${warning.person}` : nothing}</p>
      <div class="row">
        <face-crop face=${warning.enrolledFaceId} label=${`The enrolled face${warning.person ? ` of ${warning.person}` : ''}`}></face-crop>
        <p class="grow">Their distance is ${distance(warning.distance)}. ${warning.person
          ? 'More pictures of one person make searches more reliable, so you may want to keep it.' : nothing}</p>
      </div>
      <div class="row">${session.key === null || !faceId ? nothing : html`<button type="button" class="button small" @click=${() => onRemove(faceId)}>Remove the new face</button>`}
        <button type="button" class="button small quiet" @click=${() => openFace(warning.enrolledFaceId, () => redraw())}>Show the enrolled face</button></div>
    </div>`;
}
