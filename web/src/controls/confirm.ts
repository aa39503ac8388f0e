import { html, nothing } from 'lit-html';
import { openModal } from '../app/modal';
import { redraw } from '../app/redraw';

export interface Question {
  title: string;
  text: string;
  action: string;
  /** The text the user must type to confirm an action that can't be undone. */
  typed?: string;
}

export async function confirm(question: Question): Promise<boolean> {
  let typed = '';
  const answer = await openModal<true>(question.title, (close) => html`
    <form class="stack" @submit=${(event: Event) => { event.preventDefault(); close(true); }}>
      <h2>${question.title}</h2>
      <p>${question.text}</p>
      ${question.typed ? html`
        <label class="field"><span>Type <strong>${question.typed}</strong> to confirm</span>
          <input autocomplete="off" spellcheck="false" autofocus
            @input=${(event: Event) => { typed = (event.target as HTMLInputElement).value; redraw(); }}></label>` : nothing}
      <div class="row end">
        <button type="button" class="button" @click=${() => close()} ?autofocus=${!question.typed}>Cancel</button>
        <button class="button danger solid" ?disabled=${question.typed !== undefined && typed !== question.typed}>${question.action}</button>
      </div>
    </form>`);
  return answer === true;
}
