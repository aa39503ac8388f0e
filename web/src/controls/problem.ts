import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../api/problem';

/** True when another key may help. */
const isRefusal = (problem: Problem): boolean => problem.status === 401 || problem.status === 403;

/**
 * Shows a problem with its actions; nothing for null. A refused key offers `onEnterKey`, unless it is null: the key
 * dialog itself passes null.
 */
export function problemBox(
  problem: Problem | null, onEnterKey: (() => void) | null, actions?: TemplateResult | typeof nothing,
) {
  if (!problem)
    return nothing;

  const isConflict = problem.code === 'changed-meanwhile';
  return html`
    <div class="notice bad problem" role="alert" data-code=${problem.code}>
      <p class="notice-title">${isConflict ? 'Another user changed it' : problem.title}</p>
      <p>${isConflict ? 'Your change was not saved. Show the current version and try again.' : problem.message}</p>
      ${Object.entries(problem.fields).map(
        ([field, texts]) => html`<p class="field-problem"><code>${field}</code> ${texts.join(' ')}</p>`,
      )}
      <div class="row">
        ${onEnterKey && isRefusal(problem)
          ? html`<button type="button" class="button small" @click=${onEnterKey}>Enter an API key</button>`
          : nothing}
        ${actions ?? nothing}
      </div>
      ${problem.traceId ? html`<p class="trace">traceId <code>${problem.traceId}</code></p>` : nothing}
    </div>`;
}
