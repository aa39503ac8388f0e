import { html, nothing, type TemplateResult } from 'lit-html';
import type { Face } from '../api/types';
import { openFace } from './face-dialog';

export function faceCard(face: Face, onChange: () => void, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  const name = face.person ?? `Face ${face.faceId}`;
  return html`
    <li class="card">
      <button type="button" class="card-body" @click=${() => openFace(face.faceId, onChange)}>
        <face-crop face=${face.faceId}></face-crop>
        <span class="card-name">${name}</span>
        ${face.externalId ? html`<span class="muted small">${face.externalId}</span>` : nothing}
        ${face.tags.length > 0 ? html`<span class="tags">${face.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</span>` : nothing}
      </button>
      ${action}
    </li>`;
}
