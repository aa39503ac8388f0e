import { html, type TemplateResult } from 'lit-html';
import type { Quality } from '../api/types';
import { icon } from '../controls/icons';
import { qualityReason } from '../logic/words';

export function qualityTable(quality: Quality): TemplateResult {
  const degrees = (value: number): string => `${Math.round(value)}°`;
  return html`
    <dl class="facts" aria-label="Quality">
      <div><dt>Size</dt><dd>${Math.round(quality.size)} px</dd></div>
      <div><dt>Sharpness</dt><dd>${Math.round(quality.sharpness)}</dd></div>
      <div><dt>Brightness</dt><dd>${Math.round(quality.brightness)} of 255</dd></div>
      <div><dt>Yaw, pitch, roll</dt><dd>${degrees(quality.yaw)}, ${degrees(quality.pitch)}, ${degrees(quality.roll)}</dd></div>
    </dl>`;
}

/** The reasons why a face is not good enough. */
export function reasonList(reasons: readonly string[]): TemplateResult {
  return reasons.length === 0
    ? html`<p class="good-line">${icon('done')} Good enough to be recognised.</p>`
    : html`<ul class="reasons">${reasons.map((reason) => html`<li data-reason=${reason}>${icon('warning')} ${qualityReason(reason)}</li>`)}</ul>`;
}
