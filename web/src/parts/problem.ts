import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../api/problem';
import { openKeyDialog } from './key-dialog';

/** Another key would help; where one is just being entered there is no need to say so. */
const isRefusal = (problem: Problem): boolean =>
  (problem.status === 401 || problem.status === 403) && !document.querySelector('#key-form');

/** What the server has refused, and what to do about it. */
export function problemBox(problem: Problem | null, actions?: TemplateResult | typeof nothing) {
  if (!problem)
    return nothing;

  const isConflict = problem.code === 'changed-meanwhile';
  return html`
    <div class="notice bad problem" role="alert" data-code=${problem.code}>
      <p class="notice-title">${isConflict ? 'Somebody changed it meanwhile' : problem.title}</p>
      <p>${isConflict ? 'Your change was not made, so that theirs is not lost. Look at what is there now and try again.' : problem.message}</p>
      ${Object.entries(problem.fields).map(
        ([field, texts]) => html`<p class="field-problem"><code>${field}</code> ${texts.join(' ')}</p>`,
      )}
      <div class="row">
        ${isRefusal(problem)
          ? html`<button type="button" class="button small" @click=${openKeyDialog}>Enter an API key</button>`
          : nothing}
        ${actions ?? nothing}
      </div>
      ${problem.traceId ? html`<p class="trace">traceId <code>${problem.traceId}</code></p>` : nothing}
    </div>`;
}
