import { html, nothing, type TemplateResult } from 'lit-html';
import type { Problem } from '../api/problem';
import type { Engine } from '../api/types';
import { openKeyDialog } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import { engineReason } from '../logic/words';

/** The engine profile of new collections, and a better one when the server has it. */
export const enginePanel = (engine: Engine | null, problem: Problem | null): TemplateResult => html`
  <section class="panel stack" aria-labelledby="engine-title">
    <h2 id="engine-title">Engine</h2>
    ${problemBox(problem, openKeyDialog)}
    ${engine ? html`
      <p id="engine">Profile <strong>${engine.profile}</strong>, model <strong>${engine.model}</strong>, detector
        <strong>${engine.detector}</strong>. ${engineReason(engine.reason)}</p>
      ${engine.better ? html`
        <p id="better-engine">A better model is available on the server: <strong>${engine.better}</strong>. To use it, add it to
          <code>Engine:OtherProfiles</code>, restart the server and re-embed each collection.</p>` : nothing}` : nothing}
  </section>`;
