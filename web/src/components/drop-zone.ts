import { html, nothing, type TemplateResult } from 'lit-html';
import { icon } from '../controls/icons';
import { droppedFiles, pickedFiles, type FolderFile } from '../logic/archive';
import { takePicture } from './camera';

export interface DropZone {
  title: string;
  hint: string;
  /** True: folders, zips and pictures. False: single pictures only. */
  takesMany: boolean;
  onFiles: (files: FolderFile[]) => void;
  compact?: boolean;
}

const pictures = 'image/jpeg,image/png,image/webp,image/gif,image/bmp';

/** Takes files that are dropped, picked or photographed. `pastedFiles` takes pasted ones, on the whole page. */
export function dropZone(zone: DropZone): TemplateResult {
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.remove('over');
    if (event.dataTransfer)
      zone.onFiles(await droppedFiles(event.dataTransfer));
  };
  const mark = (event: DragEvent): void => {
    event.preventDefault();
    (event.currentTarget as HTMLElement).classList.toggle('over', event.type !== 'dragleave');
  };
  const pick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (input.files?.length)
      zone.onFiles(pickedFiles(input.files));
    input.value = '';
  };
  const photograph = async (): Promise<void> => {
    const file = await takePicture();
    if (file)
      zone.onFiles([{ path: file.name, file }]);
  };
  return html`
    <section class="drop-zone ${zone.compact ? 'compact' : ''}" aria-label=${zone.title}
      @drop=${drop} @dragover=${mark} @dragenter=${mark} @dragleave=${mark}>
      ${zone.compact ? nothing : html`<div class="drop-mark">${icon('picture')}</div>`}
      <div class="drop-text">
        <p class="drop-title">${zone.title}</p>
        <p class="muted">${zone.hint}</p>
      </div>
      <div class="row center">
        <label class="button primary file-button">
          ${icon('picture')}<span>${zone.takesMany ? 'Choose pictures or a zip' : 'Choose a picture'}</span>
          <input type="file" accept=${zone.takesMany ? `${pictures},.zip,application/zip` : pictures}
            ?multiple=${zone.takesMany} @change=${pick}>
        </label>
        ${zone.takesMany
          ? html`<label class="button file-button">${icon('folder')}<span>Choose a folder</span>
              <input type="file" webkitdirectory multiple @change=${pick}></label>`
          : nothing}
        <button type="button" class="button" @click=${photograph}>${icon('camera')}<span>Camera</span></button>
      </div>
    </section>`;
}

/** The files in the clipboard; empty when the clipboard holds text. */
export function pastedFiles(event: ClipboardEvent): FolderFile[] {
  return [...(event.clipboardData?.files ?? [])].map((file) => ({ path: file.name, file }));
}
