import { html, nothing, type TemplateResult } from 'lit-html';
import {
  createCollection, exportCollection, getEngine, issueKey, listAuditEntries, listKeys, removeCollection, revokeKey,
} from '../api/calls';
import type { AuditEntry, Collection, Engine, Key, Scope } from '../api/types';
import { announce } from '../app/announce';
import { openModal } from '../app/modal';
import { redraw } from '../app/redraw';
import { refresh, state } from '../app/state';
import { Task } from '../app/task';
import { enginePanel } from '../components/engine';
import { confirm } from '../controls/confirm';
import { download } from '../controls/download';
import { openKeyDialog } from '../controls/key-dialog';
import { moreButton } from '../controls/more-button';
import { problemBox } from '../controls/problem';
import { count, moment } from '../logic/format';
import type { View } from './view';

const engine = new Task();
const collections = new Task();
const keys = new Task();
const issuing = new Task();
const audit = new Task();
const my = {
  engine: null as Engine | null,
  keys: null as Key[] | null,
  keysCursor: undefined as string | undefined,
  entries: null as AuditEntry[] | null,
  entriesCursor: undefined as string | undefined,
  action: '',
};

const scopes = [
  ['search', 'search with pictures'],
  ['read', 'see faces, persons and pictures'],
  ['write', 'enrol, change and erase'],
  ['admin', 'collections, keys and the audit log'],
] as const;

const readEngine = (): Promise<boolean> => engine.run(async (signal) => { my.engine = await getEngine(signal); });

async function create(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const fields = new FormData(form);
  if (await collections.run(async () => {
    const made = await createCollection(String(fields.get('name')).trim(), String(fields.get('profile')).trim());
    announce(`The collection ${made.name} was created.`);
  })) {
    form.reset();
    await refresh();
    void readAudit();
  }
}

async function remove(collection: Collection): Promise<void> {
  if (!(await confirm({
    title: `Remove “${collection.name}”?`,
    text: `Its ${count(collection.faceCount)} faces, their pictures, its persons and its jobs are deleted. This can’t be undone.`,
    action: 'Remove the collection',
    typed: collection.name,
  })))
    return;
  if (await collections.run(() => removeCollection(collection.name))) {
    announce(`The collection ${collection.name} was removed.`);
    await refresh();
    void readAudit();
  }
}

const save = (collection: Collection): Promise<boolean> => collections.run(async () =>
  download(await exportCollection(collection.name), `${collection.name}.zip`));

async function readKeys(cursor?: string): Promise<void> {
  await keys.run(async (signal) => {
    const page = await listKeys({ cursor }, signal);
    my.keys = cursor ? [...(my.keys ?? []), ...page.keys] : page.keys;
    my.keysCursor = page.nextCursor;
  });
}

async function readAudit(cursor?: string): Promise<void> {
  await audit.run(async (signal) => {
    const page = await listAuditEntries({ action: my.action, cursor, limit: 25 }, signal);
    my.entries = cursor ? [...(my.entries ?? []), ...page.entries] : page.entries;
    my.entriesCursor = page.nextCursor;
  });
}

async function issue(event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const fields = new FormData(form);
  const bound = fields.getAll('collections').map(String);
  const days = String(fields.get('days'));
  let secret = '';
  if (await issuing.run(async () => {
    secret = await issueKey({
      name: String(fields.get('name')).trim(),
      scopes: fields.getAll('scopes').map(String) as Scope[],
      collections: bound.length > 0 ? bound : null,
      expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
    });
  })) {
    form.reset();
    await showSecret(secret);
    void readKeys();
    void readAudit();
  }
}

/** Shows the new key. The server returns the secret only once. */
async function showSecret(secret: string): Promise<void> {
  let isCopied = false;
  await openModal('The new key', (close) => html`
    <div class="stack">
      <h2>The new key</h2>
      <p>Copy it now: it is shown only once. The server keeps only a hash of it.</p>
      <p class="secret"><code id="secret">${secret}</code></p>
      <div class="row end">
        <button type="button" class="button" @click=${async () => {
          await navigator.clipboard?.writeText(secret).then(() => { isCopied = true; announce('Copied.'); }, () => {});
          redraw();
        }}>${isCopied ? 'Copied' : 'Copy'}</button>
        <button type="button" class="button primary" autofocus @click=${() => close()}>I have it</button>
      </div>
    </div>`);
}

async function revoke(key: Key): Promise<void> {
  if (!(await confirm({
    title: `Revoke “${key.name}”?`,
    text: 'The server refuses every further call with this key.',
    action: 'Revoke the key',
  })))
    return;
  if (await keys.run(() => revokeKey(key.keyId))) {
    announce(`The key ${key.name} was revoked.`);
    await readKeys();
    void readAudit();
  }
}

function collectionsSection(): TemplateResult {
  return html`
    <section class="panel stack" aria-labelledby="collections-title">
      <h2 id="collections-title">Collections</h2>
      <div class="table-wrap" tabindex="0" role="region" aria-label="Collections">
        <table>
          <thead><tr><th>Name</th><th>Model</th><th class="number">Faces</th><th class="number">Persons</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
          <tbody>${state.collections.map((collection) => html`
            <tr data-collection=${collection.name}><td>${collection.name}</td><td>${collection.model}</td>
              <td class="number">${count(collection.faceCount)}</td><td class="number">${count(collection.personCount)}</td>
              <td class="actions"><button type="button" class="button small quiet" @click=${() => save(collection)} aria-label=${`Export ${collection.name}`}>Export</button>
                <button type="button" class="button small danger" @click=${() => remove(collection)} aria-label=${`Remove ${collection.name}`}>Remove</button></td></tr>`)}
          </tbody>
        </table>
      </div>
      ${problemBox(collections.problem, openKeyDialog)}
      <form class="row wrap bottom" @submit=${create} aria-label="Create a collection">
        <label class="field grow"><span>New collection</span><input name="name" required pattern="[a-z0-9][a-z0-9_\\-]{0,63}" title="Lowercase letters, digits, _ and -" autocomplete="off"></label>
        <label class="field"><span>Profile <small>optional; defaults to the server’s</small></span><input name="profile" placeholder=${my.engine?.profile ?? ''} autocomplete="off"></label>
        <button class="button" ?disabled=${collections.running}>Create</button>
      </form>
    </section>`;
}

function keysSection(): TemplateResult {
  return html`
    <section class="panel stack" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      ${problemBox(keys.problem, openKeyDialog)}
      ${my.keys ? html`
        <div class="table-wrap" tabindex="0" role="region" aria-label="Keys">
          <table>
            <thead><tr><th>Name</th><th>Scopes</th><th>Collections</th><th>Expires</th><th>Last used</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
            <tbody>${my.keys.map((key) => html`
              <tr data-key=${key.name}><td>${key.name}</td><td>${key.scopes.join(', ')}</td><td>${key.collections?.length ? key.collections.join(', ') : 'all'}</td>
                <td>${key.expiresAt ? moment(key.expiresAt) : 'never'}</td><td>${key.lastUsedAt ? moment(key.lastUsedAt) : 'never'}</td>
                <td class="actions"><button type="button" class="button small danger" @click=${() => revoke(key)} aria-label=${`Revoke ${key.name}`}>Revoke</button></td></tr>`)}
            </tbody>
          </table>
        </div>
        ${moreButton(my.keysCursor !== undefined, keys.running, () => void readKeys(my.keysCursor))}` : nothing}
      <form class="stack" @submit=${issue} aria-label="Issue a key">
        <h3>Issue a key</h3>
        <div class="row wrap bottom">
          <label class="field grow"><span>Name</span><input name="name" required maxlength="100" autocomplete="off"></label>
          <label class="field"><span>Expires after</span><select name="days"><option value="">never</option><option value="1">1 day</option><option value="30">30 days</option><option value="365">1 year</option></select></label>
        </div>
        <fieldset><legend>Scopes</legend><div class="row wrap">
          ${scopes.map(([scope, meaning]) => html`<label class="check"><input type="checkbox" name="scopes" value=${scope}><span>${scope} <small>${meaning}</small></span></label>`)}
        </div></fieldset>
        <fieldset><legend>In these collections <small>optional; defaults to all</small></legend><div class="row wrap">
          ${state.collections.map((collection) => html`<label class="check"><input type="checkbox" name="collections" value=${collection.name}><span>${collection.name}</span></label>`)}
        </div></fieldset>
        ${problemBox(issuing.problem, openKeyDialog)}
        <div class="row"><button class="button primary" ?disabled=${issuing.running}>Issue the key</button></div>
      </form>
    </section>`;
}

function auditSection(): TemplateResult {
  return html`
    <section class="panel stack" aria-labelledby="audit-title">
      <div class="row spread wrap"><h2 id="audit-title">Audit log</h2>
        <label class="inline-field"><span>Action</span><input id="audit-action" .value=${my.action} placeholder="all" autocomplete="off"
          @change=${(event: Event) => { my.action = (event.target as HTMLInputElement).value.trim(); void readAudit(); }}></label></div>
      ${problemBox(audit.problem, openKeyDialog)}
      ${my.entries ? html`
        <div class="table-wrap" tabindex="0" role="region" aria-label="Audit log">
          <table>
            <thead><tr><th>When</th><th>Action</th><th>Collection</th><th>Subject</th><th>Key</th><th class="number">Status</th></tr></thead>
            <tbody id="audit">${my.entries.map((entry) => html`
              <tr data-action=${entry.action}><td>${moment(entry.at)}</td><td>${entry.action}</td><td>${entry.collection ?? ''}</td><td>${entry.subject ?? ''}</td><td>${entry.keyId ?? ''}</td><td class="number">${entry.status}</td></tr>`)}
            </tbody>
          </table>
        </div>
        ${moreButton(my.entriesCursor !== undefined, audit.running, () => void readAudit(my.entriesCursor))}` : nothing}
    </section>`;
}

export const adminView: View = {
  title: 'Admin',
  enter() {
    collections.clear();
    issuing.clear();
    void refresh();
    void readEngine();
    void readKeys();
    void readAudit();
  },
  leave() {
    engine.stop();
    keys.stop();
    audit.stop();
  },

  render() {
    const refused = keys.problem && !my.keys;
    return html`
      <div class="view-head"><h1 tabindex="-1">Admin</h1></div>
      ${refused
        ? problemBox(keys.problem, openKeyDialog)
        : html`<div class="stack loose">${enginePanel(my.engine, engine.problem)}${collectionsSection()}${keysSection()}${auditSection()}</div>`}`;
  },
};
