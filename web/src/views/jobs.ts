import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { cancelJob, getJob, listJobItems, listJobs, retryJob, startJob } from '../api/calls';
import { session } from '../api/session';
import type { ItemOutcome, Job, JobItem } from '../api/types';
import { announce } from '../app/announce';
import { redraw } from '../app/redraw';
import { go, hashOf } from '../app/route';
import { refresh, state } from '../app/state';
import { Task } from '../app/task';
import { openKeyDialog } from '../controls/key-dialog';
import { moreButton } from '../controls/more-button';
import { problemBox } from '../controls/problem';
import { worthSending, zip, type FolderFile } from '../logic/archive';
import { bytes, count, counted, duration, moment } from '../logic/format';
import { fileReason, jobState, outcome } from '../logic/words';

/** Milliseconds between two requests for a running job. */
const pause = 500;

const sending = new Task();
const watching = new Task();
const listing = new Task();
const reading = new Task();
const acting = new Task();
const my = {
  /** The current step of packing or sending, as text, and its progress, 0 to 1. */
  step: '',
  part: 0,
  jobs: [] as Job[],
  cursor: undefined as string | undefined,
  jobId: null as string | null,
  job: null as Job | null,
  outcome: 'failed',
  items: [] as JobItem[],
  itemsCursor: undefined as string | undefined,
  quarter: 0,
};
let timer: ReturnType<typeof setTimeout> | undefined;

const isOver = (job: Job): boolean => job.state !== 'queued' && job.state !== 'running';

export async function sendFolder(files: readonly FolderFile[]): Promise<void> {
  const entries = worthSending(files);
  await sending.run(async (signal) => {
    my.step = `Packing ${counted(entries.length, 'file')}`;
    my.part = 0;
    announce(my.step);
    const archive = await zip(entries, (done) => {
      my.part = done / entries.length;
      redraw();
    });
    await upload(archive, signal);
  });
}

export async function sendArchive(archive: Blob): Promise<void> {
  await sending.run((signal) => upload(archive, signal));
}

async function upload(archive: Blob, signal: AbortSignal): Promise<void> {
  my.step = `Sending ${bytes(archive.size)}`;
  my.part = 0;
  announce(my.step);
  const job = await startJob(state.collection, archive, (part) => {
    my.part = part;
    redraw();
  }, signal);
  go('enrol', job.jobId);
}

export function enterJobs(jobId: string | null): void {
  clearTimeout(timer);
  watching.clear();
  acting.clear();
  if (jobId !== my.jobId)
    Object.assign(my, { job: null, items: [], itemsCursor: undefined, outcome: 'failed', quarter: 0 });
  my.jobId = jobId;
  if (jobId === null)
    void list();
  else
    void watch();
}

export function leaveJobs(): void {
  clearTimeout(timer);
  watching.stop();
  listing.stop();
}

async function list(cursor?: string): Promise<void> {
  if (!state.canRead)
    return;
  await listing.run(async (signal) => {
    const page = await listJobs(state.collection, { cursor, limit: 10 }, signal);
    my.jobs = cursor ? [...my.jobs, ...page.jobs] : page.jobs;
    my.cursor = page.nextCursor;
  });
}

/** Polls the job until it has ended; goes on after a network error or a 5xx status. */
async function watch(): Promise<void> {
  clearTimeout(timer);
  const jobId = my.jobId!;
  const before = my.job;
  const isWell = await watching.run(async (signal) => {
    my.job = await getJob(jobId, signal);
  });
  if (my.jobId !== jobId)
    return;
  if (isWell && my.job)
    tell(before, my.job);
  if (!my.job || !isOver(my.job) || !isWell) {
    if (!watching.problem || watching.problem.status === 0 || watching.problem.status >= 500)
      timer = setTimeout(() => void watch(), pause);
  }
}

function tell(before: Job | null, job: Job): void {
  if (isOver(job)) {
    if (!before || !isOver(before)) {
      announce(`${jobState(job.state)}: ${counts(job)}.`);
      void refresh();
      void readItems();
    }
    return;
  }
  const quarter = job.total ? Math.floor((4 * job.done) / job.total) : 0;
  if (quarter > my.quarter)
    announce(`${quarter * 25} per cent of ${counted(job.total ?? 0, 'file')}.`);
  my.quarter = quarter;
}

const counts = (job: Job): string =>
  `${count(job.inserted)} enrolled, ${counted(job.duplicates, 'duplicate')}, ${count(job.failed)} failed, ${count(job.skipped)} skipped`;

async function readItems(cursor?: string): Promise<void> {
  const jobId = my.jobId!;
  await reading.run(async (signal) => {
    const page = await listJobItems(jobId, { outcome: (my.outcome || undefined) as ItemOutcome | undefined, cursor, limit: 50 }, signal);
    my.items = cursor ? [...my.items, ...page.items] : page.items;
    my.itemsCursor = page.nextCursor;
  });
}

async function act(work: (jobId: string) => Promise<Job>, said: string): Promise<void> {
  const isDone = await acting.run(async () => {
    my.job = await work(my.jobId!);
  });
  if (isDone) {
    announce(said);
    my.items = [];
    my.quarter = 0;
    void watch();
  }
}

/** The upload that is running or has failed, above the list of jobs. */
export function sendingSection(): TemplateResult | typeof nothing {
  if (sending.problem)
    return problemBox(sending.problem, openKeyDialog) as TemplateResult;
  if (!sending.running)
    return nothing;
  return html`
    <section class="panel stack" aria-label="Upload">
      <div class="row spread"><strong>${my.step}</strong><span>${Math.round(100 * my.part)}%</span></div>
      <progress max="1" .value=${my.part} aria-label=${my.step}></progress>
      <div class="row"><button type="button" class="button small" @click=${() => { sending.stop(); redraw(); }}>Stop</button></div>
    </section>`;
}

export const isWatching = (): boolean => my.jobId !== null;

export function jobsSection(): TemplateResult | typeof nothing {
  return my.jobId ? jobDetail() : jobList();
}

function jobList(): TemplateResult | typeof nothing {
  if (listing.problem)
    return problemBox(listing.problem, openKeyDialog) as TemplateResult;
  if (my.jobs.length === 0)
    return nothing;
  return html`
    <section class="stack" aria-labelledby="jobs-title">
      <h2 id="jobs-title">Jobs</h2>
      <div class="table-wrap" tabindex="0" role="region" aria-label="Jobs">
        <table>
          <thead><tr><th>Started</th><th>State</th><th class="number">Enrolled</th><th class="number">Duplicates</th><th class="number">Failed</th></tr></thead>
          <tbody>${my.jobs.map((job) => html`
            <tr><td><a href=${hashOf('enrol', job.jobId)}>${moment(job.createdAt)}</a></td><td>${stateChip(job)}</td>
              <td class="number">${count(job.inserted)}</td><td class="number">${count(job.duplicates)}</td><td class="number">${count(job.failed)}</td></tr>`)}
          </tbody>
        </table>
      </div>
      ${moreButton(my.cursor !== undefined, listing.running, () => void list(my.cursor))}
    </section>`;
}

const jobTitles: Record<Job['kind'], string> = {
  archive: 'Enrolling pictures',
  reembedding: 'Re-embedding the collection',
  personErasure: 'Erasing a person',
  faceRemoval: 'Removing faces',
  collectionRemoval: 'Removing a collection',
  import: 'Importing a collection',
  calibration: 'Measuring distances',
};

function stateChip(job: Job): TemplateResult {
  const text = job.cancelRequested && !isOver(job) ? 'Stopping' : jobState(job.state);
  return html`<span class="chip" data-state=${job.state}>${text}</span>`;
}

function jobDetail(): TemplateResult | typeof nothing {
  const job = my.job;
  if (!job)
    return html`${problemBox(watching.problem, openKeyDialog)}${watching.running ? html`<div class="skeletons"><div></div></div>` : nothing}`;
  const canChange = session.key !== null;
  const isErasure = ['personErasure', 'faceRemoval', 'collectionRemoval'].includes(job.kind);
  const canRetry = canChange && isOver(job) && (job.failed > 0 || job.state !== 'succeeded');
  return html`
    <section class="panel stack job" aria-labelledby="job-title" data-state=${job.state}>
      <div class="row spread wrap">
        <h2 id="job-title">${jobTitles[job.kind]}</h2>
        ${stateChip(job)}
      </div>
      <progress max=${job.total || 1} value=${job.total === null ? nothing : job.done} aria-label="Files done"></progress>
      <p id="job-progress">${job.total === null ? 'The server has not opened the archive yet.' : html`
        <strong>${count(job.done)}</strong> of ${counted(job.total, 'file')}
        ${job.perSecond ? html`<span class="muted">· ${count(job.perSecond)} per second</span>` : nothing}
        ${!isOver(job) && job.secondsLeft !== null ? html`<span class="muted">· ${duration(job.secondsLeft)} left</span>` : nothing}`}</p>
      <dl class="tiles">
        ${tile('inserted', 'Enrolled', job.inserted)}${tile('duplicates', 'Duplicates', job.duplicates)}
        ${tile('failed', 'Failed', job.failed)}${tile('skipped', 'Skipped', job.skipped)}
      </dl>
      ${job.failureCode ? html`<div class="notice bad" role="alert"><p class="notice-title">${fileReason(job.failureCode)}</p><p>${job.failure}</p></div>` : nothing}
      ${!isOver(job) && job.lastError ? html`<p class="muted">Attempt ${job.attempts} since the last progress. Last error: ${job.lastError}</p>` : nothing}
      ${problemBox(watching.problem, openKeyDialog)}
      ${problemBox(acting.problem, openKeyDialog)}
      <div class="row wrap">
        ${isOver(job) || isErasure || !canChange ? nothing : html`<button type="button" class="button" ?disabled=${acting.running || job.cancelRequested}
          @click=${() => act(cancelJob, 'The job will stop after its current batch.')}>Cancel</button>`}
        ${canRetry ? html`<button type="button" class="button" ?disabled=${acting.running}
          @click=${() => act(retryJob, 'The job retries the files that failed or were not reached.')}>Retry</button>` : nothing}
        <a class="button quiet" href="#/enrol">All jobs</a>
        ${isOver(job) && job.inserted > 0 ? html`<a class="button quiet" href="#/faces">See the collection</a>` : nothing}
      </div>
    </section>
    ${failures(job)}
    ${isOver(job) ? items() : nothing}`;
}

function tile(name: string, label: string, value: number): TemplateResult {
  return html`<div class="tile" data-count=${name}><dt>${label}</dt><dd>${count(value)}</dd></div>`;
}

/** The first 50 failures while the job runs, with their reasons. */
function failures(job: Job): TemplateResult | typeof nothing {
  if (job.failures.length === 0 || isOver(job))
    return nothing;
  return html`
    <section class="stack" aria-labelledby="failures-title">
      <h2 id="failures-title">Failed so far</h2>
      <ul class="failures">${job.failures.slice(0, 50).map((failure) => html`
        <li><span class="file-name">${failure.name}</span><span class="muted">${fileReason(failure.reason)}</span></li>`)}</ul>
    </section>`;
}

function items(): TemplateResult {
  return html`
    <section class="stack" aria-labelledby="items-title">
      <div class="row spread wrap"><h2 id="items-title">Files</h2>
        <label class="inline-field"><span>Show</span>
          <select id="item-outcome" .value=${live(my.outcome)} @change=${(event: Event) => { my.outcome = (event.target as HTMLSelectElement).value; void readItems(); }}>
            <option value="failed">failed</option><option value="duplicate">duplicates</option>
            <option value="skipped">skipped</option><option value="inserted">enrolled</option><option value="">all</option>
          </select></label></div>
      ${problemBox(reading.problem, openKeyDialog)}
      ${my.items.length === 0 && !reading.running && !reading.problem
        ? html`<p class="muted">${my.outcome === 'failed' ? 'No file failed.' : 'None.'}</p>`
        : html`<ul class="failures" id="items">${my.items.map((item) => html`
            <li data-outcome=${item.outcome}><span class="file-name">${item.name}</span>
              <span class="muted">${item.reason ? fileReason(item.reason) : outcome(item.outcome)}</span></li>`)}</ul>`}
      ${moreButton(my.itemsCursor !== undefined, reading.running, () => void readItems(my.itemsCursor))}
    </section>`;
}
