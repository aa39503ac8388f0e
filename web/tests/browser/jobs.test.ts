import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Job, JobItem } from '../../src/api/types';
import { api, checkAccess, fileInput, keep, makeCollection, photograph, said, visiting, work } from './support';

function zipOf(name: string, ...folders: string[]): string {
  const archive = join(work, `${name}.zip`);
  execFileSync('zip', ['-q', '-r', '-0', archive, ...folders], { cwd: photograph('') });
  return archive;
}

/** Copies of every photograph, each with one more byte, so that no copy is a duplicate. */
function zipOfCopies(name: string, copies: number): string {
  const folder = join(work, name);
  for (let copy = 0; copy < copies; copy++) cpSync(photograph('lfw'), join(folder, `${copy}`), { recursive: true });
  execFileSync('sh', ['-c', 'for copy in *; do find "$copy" -name "*.jpg" -exec sh -c \'for f; do printf %s "$0" >> "$f"; done\' "$copy" {} +; done'], { cwd: folder });
  const archive = join(work, `${name}.zip`);
  execFileSync('zip', ['-q', '-r', '-0', archive, '.'], { cwd: folder });
  return archive;
}

const jobIdOf = (page: Page): string => decodeURIComponent(page.url().split('#/enrol/')[1]!);

const shownCounts = (page: Page): Promise<Record<string, number>> => page.locator('.tile[data-count]').evaluateAll((tiles) =>
  Object.fromEntries(tiles.map((tile) => [(tile as HTMLElement).dataset['count']!, Number(tile.querySelector('dd')!.textContent!.replaceAll(',', ''))])));

const countsOf = ({ inserted, duplicates, failed, skipped }: Job): Record<string, number> => ({ inserted, duplicates, failed, skipped });

const ended = (page: Page, state = 'succeeded'): Promise<void> =>
  page.locator(`.job[data-state=${state}]`).waitFor({ timeout: 120_000 });

describe('a job', () => {
  it('is watched as it runs, with the numbers of the API: 372 pictures in a zip', async () => {
    const collection = await makeCollection('job-zip');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      const answers: Job[] = [];
      page.on('response', async (response) => {
        if (/\/v1\/jobs\/[^/]+$/.test(response.url()) && response.ok())
          answers.push((await response.json()) as Job);
      });
      await fileInput(page).setInputFiles(zipOf('lfw', 'lfw'));
      await page.locator('.job[data-state=running]').waitFor();
      await page.getByText(/per second/).waitFor();
      await checkAccess(page, 'job-running');

      // While the job runs, the page shows the numbers of one answer of the API.
      const shown = await shownCounts(page);
      expect(answers.map((answer) => JSON.stringify(countsOf(answer)))).toContain(JSON.stringify(shown));

      await ended(page);
      const job = await api<Job>('GET', `/v1/jobs/${jobIdOf(page)}`);
      expect(await shownCounts(page)).toEqual(countsOf(job));
      expect(job.done).toBe(372);
      expect(job.inserted + job.duplicates).toBeGreaterThanOrEqual(370);
      await page.locator('#job-progress').getByText('372', { exact: true }).waitFor();
      await said(page, `Done: ${job.inserted} enrolled`);
      await page.waitForFunction(() => document.querySelector('#items, #item-outcome') !== null);
      expect(await page.locator('#items li').count()).toBe(job.failed);
      await checkAccess(page, 'job-done');

      await page.getByRole('link', { name: 'All jobs' }).click();
      await page.getByRole('table').getByText('Done').waitFor();
    });
  });

  it('shows the reason of every failure', async () => {
    const collection = await makeCollection('job-failures');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      await fileInput(page).setInputFiles(zipOf('failures', 'broken', 'lfw/Ashanti'));
      await ended(page);
      const jobId = jobIdOf(page);
      await page.getByText('Not a picture that can be read').first().waitFor();
      const { items } = await api<{ items: JobItem[] }>('GET', `/v1/jobs/${jobId}/items?outcome=failed`);
      expect(items.length).toBeGreaterThanOrEqual(3);
      expect(await page.locator('#items .file-name').allTextContents()).toEqual(items.map((item) => item.name));
      await page.locator('#item-outcome').selectOption('inserted');
      await page.locator('#items li[data-outcome=inserted]').first().waitFor();
      await keep(page, 'job-failures');
    });
  });

  it('is cancelled, and retried to its end', async () => {
    const collection = await makeCollection('job-cancel');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      // Enough pictures that the job does not end before the page shows the button.
      await fileInput(page).setInputFiles(zipOfCopies('again', 4));
      await page.getByRole('button', { name: 'Cancel' }).click();
      await ended(page, 'cancelled');
      const cancelled = await api<Job>('GET', `/v1/jobs/${jobIdOf(page)}`);
      expect(await shownCounts(page)).toEqual(countsOf(cancelled));
      await keep(page, 'job-cancelled');
      await page.getByRole('button', { name: 'Retry' }).click();
      await ended(page);
      const job = await api<Job>('GET', `/v1/jobs/${jobIdOf(page)}`);
      expect(await shownCounts(page)).toEqual(countsOf(job));
      expect(job.inserted + job.duplicates).toBeGreaterThanOrEqual(4 * 370);
    });
  });

  it('is made of a folder that is dropped, a folder for each person', async () => {
    const collection = await makeCollection('job-folder');
    const folder = join(work, 'dropped');
    mkdirSync(folder);
    for (const person of ['Ashanti', 'Halle_Berry'])
      cpSync(photograph(`lfw/${person}`), join(folder, person), { recursive: true });
    await visiting({ collection, view: 'enrol' }, async (page) => {
      const zone = (await page.locator('.drop-zone').boundingBox())!;
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: [folder], dragOperationsMask: 1 };
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type, x: zone.x + 80, y: zone.y + 60, data });
      await ended(page);
      const job = await api<Job>('GET', `/v1/jobs/${jobIdOf(page)}`);
      expect(await shownCounts(page)).toEqual(countsOf(job));
      expect(job.failed).toBe(0);
    });
    const { persons } = await api<{ persons: { name: string }[] }>('GET', `/v1/collections/${collection}/persons`);
    expect(persons.map((person) => person.name)).toEqual(['Ashanti', 'Halle Berry']);
  });

  it('is made of a folder that is chosen', async () => {
    const collection = await makeCollection('job-chosen');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      await page.locator('input[webkitdirectory]').setInputFiles(photograph('lfw/Goran_Persson'));
      await ended(page);
      expect((await shownCounts(page))['inserted']).toBeGreaterThanOrEqual(2);
    });
  });

  it('with an unknown id is a problem', () => visiting({ view: 'enrol/00000000-0000-0000-0000-000000000000' }, async (page, { expected }) => {
    expected.push(/status of 404/);
    await page.locator('.problem[data-code=job-not-found]').waitFor();
  }));
});
