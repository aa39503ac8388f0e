import { html, nothing, type TemplateResult } from 'lit-html';

/** The button that loads the next page of a list; nothing on the last page. */
export function moreButton(hasMore: boolean, isRunning: boolean, onMore: () => void): TemplateResult | typeof nothing {
  return hasMore
    ? html`<div class="row center"><button type="button" class="button more" ?disabled=${isRunning} @click=${onMore}>${isRunning ? 'Loading' : 'Show more'}</button></div>`
    : nothing;
}
