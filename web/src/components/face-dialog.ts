import { html, nothing, type TemplateResult } from 'lit-html';
import { changeFace, excludeFace, getFace, getFaceImage, removeFace } from '../api/calls';
import type { Face } from '../api/types';
import { announce } from '../app/announce';
import { openModal } from '../app/modal';
import { hashOf } from '../app/route';
import { state, refresh } from '../app/state';
import { Task } from '../app/task';
import { confirm } from '../controls/confirm';
import { openKeyDialog } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import { moment, tagsOf } from '../logic/format';
import { markedPicture } from './picture';
import { qualityTable } from './quality';

/** Shows an enrolled face with its data and actions. `onChange` is called after a change or a removal. */
export async function openFace(faceId: string, onChange: () => void): Promise<void> {
  const loading = new Task();
  const saving = new Task();
  const collection = state.collection;
  let face: Face | null = null;
  let etag: string | null = null;
  let url = '';
  let image = { width: 0, height: 0 };
  let hasPicture: boolean | null = null;

  const load = (): Promise<boolean> => loading.run(async (signal) => {
    ({ value: face, etag } = await getFace(collection, faceId, signal));
    saving.clear();
    if (hasPicture === null) {
      const bytes = await getFaceImage(collection, faceId, signal).catch(() => null);
      hasPicture = bytes !== null;
      if (bytes) {
        url = URL.createObjectURL(bytes);
        const shown = new Image();
        shown.src = url;
        await shown.decode();
        image = { width: shown.naturalWidth, height: shown.naturalHeight };
      }
    }
  });
  void load();

  await openModal('Face', (close) => {
    const save = (event: SubmitEvent): void => {
      event.preventDefault();
      const form = new FormData(event.target as HTMLFormElement);
      void saving.run(async () => {
        const tags = tagsOf(String(form.get('tags')));
        const changed = await changeFace(collection, faceId, {
          person: String(form.get('person')).trim() || null,
          externalId: String(form.get('externalId')).trim() || null,
          tags,
        }, etag);
        face = { ...face!, ...changed.value, tags: changed.value.tags ?? tags };
        etag = changed.etag;
        announce('Saved.');
        onChange();
      });
    };
    const remove = async (): Promise<void> => {
      if (!(await confirm({
        title: 'Remove this face?',
        text: 'The embedding is deleted, and the picture if it has no other face. Searches no longer find the face.',
        action: 'Remove the face',
      })))
        return;
      if (await saving.run(() => removeFace(collection, faceId, etag))) {
        announce('The face was removed.');
        onChange();
        void refresh();
        close();
      }
    };
    const exclude = async (): Promise<void> => {
      const { person, personId } = face!;
      if (await saving.run(async () => void (await excludeFace(collection, personId!, faceId)))) {
        announce(`The face is no longer ${person}.`);
        onChange();
        await load();
      }
    };
    return html`
      <div class="stack">
        <div class="row spread"><h2>${face ? (face as Face).person ?? `Face ${faceId}` : 'Face'}</h2>
          <button type="button" class="button small quiet" @click=${() => close()} aria-label="Close">Close</button></div>
        ${problemBox(loading.problem, openKeyDialog, html`<button type="button" class="button small" @click=${load}>Try again</button>`)}
        ${!face ? (loading.running ? html`<div class="skeletons"><div></div></div>` : nothing) : html`
          <div class="face-columns">
            <div class="stack">
              ${url && image.width > 0
                ? markedPicture({ url, image, alt: 'The picture the face was enrolled from', faces: [{ box: (face as Face).box, label: 'The face' }] })
                : html`<p class="muted">${hasPicture === false ? 'The picture itself was not kept.' : 'Loading the picture.'}</p>`}
              ${facts(face)}
            </div>
            <form class="stack" @submit=${save}>
              <label class="field"><span>Person</span><input name="person" .value=${(face as Face).person ?? ''} maxlength="200"></label>
              <label class="field"><span>External id <small>your own id, unique in the collection</small></span><input name="externalId" .value=${(face as Face).externalId ?? ''}></label>
              <label class="field"><span>Tags <small>separated by commas</small></span><input name="tags" .value=${(face as Face).tags.join(', ')}></label>
              ${problemBox(saving.problem, openKeyDialog, saving.problem?.code === 'changed-meanwhile'
                ? html`<button type="button" class="button small" @click=${load}>Show the current version</button>` : nothing)}
              <div class="row"><button class="button primary" ?disabled=${saving.running}>Save</button></div>
              <hr>
              <div class="row wrap">
                ${(face as Face).personId ? html`
                  <button type="button" class="button" @click=${exclude}>Not ${(face as Face).person}</button>
                  <a class="button quiet" href=${hashOf('persons', (face as Face).personId!)} @click=${() => close()}>To the person</a>` : nothing}
                <button type="button" class="button danger" @click=${remove}>Remove</button>
              </div>
            </form>
          </div>`}
      </div>`;
  }, 'wide');
  loading.stop();
  if (url)
    URL.revokeObjectURL(url);
}

function facts(face: Face): TemplateResult {
  return html`
    <dl class="facts">
      <div><dt>Face</dt><dd>${face.faceId}</dd></div>
      <div><dt>Picture</dt><dd>${face.imageId}${face.pictureNumber ? `, number ${face.pictureNumber}` : ''}</dd></div>
      <div><dt>Added</dt><dd>${moment(face.addedAt)}</dd></div>
      <div><dt>Model</dt><dd>${face.model}</dd></div>
    </dl>
    ${face.quality ? qualityTable(face.quality) : nothing}`;
}
