import { html, nothing } from 'lit-html';
import { session } from '../api/session';
import { announce } from '../app/announce';
import { openModal } from '../app/modal';
import { redraw } from '../app/redraw';
import { refresh, state } from '../app/state';
import { problemBox } from './problem';

/** Says where the key comes from and how to replace it; quotes the server's log message. */
export const whereTheKeyIs =
  'The server prints an admin key on its console the first time it starts: “The admin API key, shown this once and kept nowhere: fs_…”. ' +
  'A lost one is replaced on the server: “dotnet FaceSearch.Api.dll keys replace-admin NAME”.';

/** The event that the window gets when the key has changed: every view reads its data again. */
export const keyChanged = 'facesearch-key';

export async function openKeyDialog(): Promise<void> {
  let isChecking = false;
  let isRefused = false;
  state.problem = null;
  await openModal('API key', (close) => {
    const submit = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      const form = new FormData(event.target as HTMLFormElement);
      const before = session.key;
      const wasRemembered = session.remembered;
      isChecking = true;
      session.use(String(form.get('key')).trim(), form.get('remember') === 'on');
      await refresh();
      isChecking = false;
      redraw();
      isRefused = state.problem !== null;
      if (state.problem) {
        // The server refused the new key: use the previous key again.
        const { problem } = state;
        session.forget();
        if (before)
          session.use(before, wasRemembered);
        announce(`${problem.title}. ${problem.message}`);
      } else {
        announce('The key is in use.');
        close();
        dispatchEvent(new Event(keyChanged));
      }
    };
    const forget = async (): Promise<void> => {
      session.forget();
      await refresh();
      close();
      dispatchEvent(new Event(keyChanged));
    };
    return html`
      <form id="key-form" class="stack" @submit=${submit} autocomplete="off">
        <h2>API key</h2>
        <p class="muted">${whereTheKeyIs} An administrator can issue further keys on the page “Admin”.</p>
        <label class="field">
          <span>Key</span>
          <input name="key" type="password" required autocomplete="off" spellcheck="false" placeholder="fs_…" autofocus
            pattern="\\s*[!-~]+\\s*" title="A key is letters, digits and signs without spaces">
        </label>
        <label class="check">
          <input type="checkbox" name="remember" .checked=${session.remembered}>
          <span>Remember it in this browser <small>Otherwise it is deleted when the tab is closed.</small></span>
        </label>
        ${problemBox(state.problem, null)}
        <div class="row end">
          ${session.key ? html`<button type="button" class="button quiet" @click=${forget}>Forget the key</button>` : nothing}
          <button type="button" class="button" @click=${() => close()}>Cancel</button>
          <button class="button primary" ?disabled=${isChecking}>Use this key</button>
        </div>
      </form>`;
  });
  if (isRefused)
    await refresh();
}
