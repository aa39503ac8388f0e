import { describe, expect, it } from 'vitest';
import type { Face } from '../../src/api/types';
import { api, checkAccess, enrol, lfw, makeCollection, said, visiting } from './support';

describe('the faces of a collection', () => {
  it('are shown a page at a time, and filtered by person and tag', async () => {
    const collection = await makeCollection('faces', [lfw('Halle_Berry', 1), lfw('Ashanti', 1)]);
    await enrol(collection, lfw('Ashanti', 2), { tags: 'second' });
    await visiting({ collection, view: 'faces' }, async (page) => {
      await page.locator('.card').nth(2).waitFor();
      await page.locator('face-crop[data-state=shown]').nth(2).waitFor();
      await checkAccess(page, 'faces');
      const form = page.getByRole('search');
      await form.getByLabel('Tag').fill('second');
      await page.keyboard.press('Enter');
      await said(page, '1 face shown.');
      expect(await page.locator('.card').count()).toBe(1);
      await form.getByRole('button', { name: 'Clear' }).click();
      await said(page, '3 faces shown.');
      await form.getByLabel('Person').fill('Ashanti');
      await form.getByRole('button', { name: 'Filter' }).click();
      await said(page, '2 faces shown.');
      await form.getByLabel('Person').fill('Unknown');
      await form.getByRole('button', { name: 'Filter' }).click();
      await page.getByRole('heading', { name: 'No face matches the filter' }).waitFor();
    });
  });

  it('come in pages by cursor', async () => {
    const collection = await makeCollection('faces-many');
    const { jobId } = await api<{ jobId: string }>('POST', `/v1/collections/${collection}/jobs`, await zipOfMany(), { 'Content-Type': 'application/zip' });
    await visiting({ collection, view: `enrol/${jobId}` }, async (page) => {
      await page.locator('.job[data-state=succeeded]').waitFor();
      await page.getByRole('link', { name: 'See the collection' }).click();
      await page.locator('.card').nth(47).waitFor();
      expect(await page.locator('.card').count()).toBe(48);
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.locator('.card').nth(48).waitFor();
    });
  });

  it('are changed and removed, but a stale change is refused', async () => {
    const collection = await makeCollection('faces-change');
    const faceId = (await enrol(collection, lfw('Ashanti', 1))).faces[0]!.faceId;
    const path = `/v1/collections/${collection}/faces/${faceId}`;
    await visiting({ collection, view: 'faces' }, async (page, { expected }) => {
      await page.locator('.card-body').click();
      const dialog = page.getByRole('dialog', { name: 'Face' });
      await dialog.locator('.picture img').waitFor();
      await checkAccess(page, 'face');

      await api('PATCH', path, { tags: ['theirs'] }, { 'Content-Type': 'application/merge-patch+json' });
      expected.push(/status of 412/);
      await dialog.getByLabel(/^Tags/).fill('mine');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.getByText('Another user changed it').waitFor();
      await checkAccess(page, 'face-changed-meanwhile');
      await dialog.getByRole('button', { name: 'Show the current version' }).click();
      await page.waitForFunction(() => document.querySelector<HTMLInputElement>('dialog input[name=tags]')?.value === 'theirs');

      await dialog.getByLabel(/^Tags/).fill('theirs, mine');
      await dialog.getByLabel(/^Person/).fill('Other Name');
      await dialog.getByRole('button', { name: 'Save' }).click();
      await said(page, 'Saved.');
      const face = await api<Face>('GET', path);
      expect({ person: face.person, tags: face.tags.toSorted() }).toEqual({ person: 'Other Name', tags: ['mine', 'theirs'] });

      await dialog.getByRole('button', { name: 'Remove' }).click();
      await page.getByRole('dialog', { name: 'Remove this face?' }).getByRole('button', { name: 'Remove the face' }).click();
      await page.getByRole('heading', { name: 'No face is enrolled yet' }).waitFor();
    });
    expect((await api<{ faces: Face[] }>('GET', `/v1/collections/${collection}/faces`)).faces).toEqual([]);
  });
});

/** Enough pictures for a second page. */
async function zipOfMany(): Promise<Uint8Array> {
  const { execFileSync } = await import('node:child_process');
  const { readdirSync, readFileSync } = await import('node:fs');
  const { join } = await import('node:path');
  const { photograph, work } = await import('./support');
  const folders = readdirSync(photograph('lfw')).toSorted().slice(0, 26).map((person) => `lfw/${person}`);
  const archive = join(work, 'many.zip');
  execFileSync('zip', ['-q', '-r', '-0', archive, ...folders], { cwd: photograph('') });
  return new Uint8Array(readFileSync(archive));
}
