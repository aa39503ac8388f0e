import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Person, SearchAnswer } from '../../src/api/types';
import { api, checkAccess, enrol, lfw, makeCollection, said, visiting } from './support';

const personsOf = async (collection: string): Promise<Person[]> =>
  (await api<{ persons: Person[] }>('GET', `/v1/collections/${collection}/persons`)).persons;

const search = (collection: string, picture: string): Promise<SearchAnswer> =>
  api('POST', `/v1/collections/${collection}/search`, new Uint8Array(readFileSync(picture)), { 'Content-Type': 'image/jpeg' });

describe('persons', () => {
  it('are found by the beginning of their names', async () => {
    const collection = await makeCollection('persons', [lfw('Ashanti', 1), lfw('Halle_Berry', 1)]);
    await visiting({ collection, view: 'persons' }, async (page) => {
      await page.locator('.card').nth(1).waitFor();
      await checkAccess(page, 'persons');
      await page.getByLabel('Name begins with').fill('Hal');
      await said(page, '1 person shown.');
      await page.getByRole('link', { name: /Halle Berry/ }).click();
      await page.getByRole('heading', { name: 'Halle Berry', level: 1 }).waitFor();
      await page.locator('.card face-crop[data-state=shown]').waitFor();
      await checkAccess(page, 'person');
    });
  });

  it('are renamed, and merged when the name is taken', async () => {
    const collection = await makeCollection('persons-rename', [lfw('Ashanti', 1), lfw('Halle_Berry', 1)]);
    const [ashanti] = await personsOf(collection);
    await visiting({ collection, view: `persons/${ashanti!.personId}` }, async (page, { expected }) => {
      await page.getByRole('heading', { name: 'Ashanti', level: 1 }).waitFor();
      await page.getByLabel('Name', { exact: true }).fill('Ashanti Douglas');
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByRole('heading', { name: 'Ashanti Douglas', level: 1 }).waitFor();

      // The page does not overwrite another user's rename.
      expected.push(/status of 412/, /status of 409/);
      await api('PATCH', `/v1/collections/${collection}/persons/${ashanti!.personId}`, { name: 'Theirs' }, { 'Content-Type': 'application/merge-patch+json' });
      await page.getByLabel('Name', { exact: true }).fill('Mine');
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.getByText('Another user changed it').waitFor();
      await page.getByRole('button', { name: 'Show the current version' }).click();
      await page.getByRole('heading', { name: 'Theirs', level: 1 }).waitFor();

      await page.getByLabel('Name', { exact: true }).fill('Halle Berry');
      await page.getByRole('button', { name: 'Rename' }).click();
      await page.locator('.problem[data-code=person-exists]').waitFor();
      await checkAccess(page, 'person-exists');
      await page.getByRole('button', { name: 'Merge that person into this one' }).click();
      await page.locator('.card').nth(1).waitFor();
    });
    expect((await personsOf(collection)).map(({ name, faceCount }) => ({ name, faceCount }))).toEqual([{ name: 'Theirs', faceCount: 2 }]);
  });

  it('are merged by choice', async () => {
    const collection = await makeCollection('persons-merge', [lfw('Ashanti', 1)]);
    await enrol(collection, lfw('Ashanti', 2), { person: 'Ashanti S.' });
    const [into] = await personsOf(collection);
    await visiting({ collection, view: `persons/${into!.personId}` }, async (page) => {
      await page.getByRole('button', { name: 'Merge' }).click();
      const dialog = page.getByRole('dialog', { name: /Merge another/ });
      await dialog.getByLabel('Name begins with').fill('Ashanti S');
      await checkAccess(page, 'person-merge');
      await dialog.getByRole('button', { name: /Ashanti S\./ }).click();
      await page.getByRole('dialog', { name: /^Merge Ashanti S\./ }).getByRole('button', { name: 'Merge' }).click();
      await page.locator('.card').nth(1).waitFor();
    });
    expect((await personsOf(collection)).map((person) => person.faceCount)).toEqual([2]);
  });

  it('exclude a face, and searches respect the exclusion', async () => {
    const collection = await makeCollection('persons-exclude', [lfw('Ashanti', 1)]);
    await enrol(collection, lfw('Halle_Berry', 1), { person: 'Ashanti' });
    const [ashanti] = await personsOf(collection);
    expect((await search(collection, lfw('Halle_Berry', 1))).faces[0]!.matches[0]?.person).toBe('Ashanti');
    await visiting({ collection, view: `persons/${ashanti!.personId}` }, async (page) => {
      await page.locator('.card').nth(1).waitFor();
      await page.getByRole('button', { name: /^Not this person/ }).last().click();
      await page.getByRole('heading', { name: 'Not Ashanti' }).waitFor();
      expect(await page.locator('.card').count()).toBe(1);
      await checkAccess(page, 'person-excluded');
      expect((await search(collection, lfw('Halle_Berry', 1))).faces[0]!.matches.map((match) => match.person)).not.toContain('Ashanti');
      await page.getByRole('button', { name: 'Remove the exclusion' }).click();
      await page.getByRole('heading', { name: 'Not Ashanti' }).waitFor({ state: 'detached' });
    });
  });

  it('are erased after their name is typed, with a receipt', async () => {
    const collection = await makeCollection('persons-erase', [lfw('Ashanti', 1), lfw('Ashanti', 2), lfw('Halle_Berry', 1)]);
    const [ashanti] = await personsOf(collection);
    await visiting({ collection, view: `persons/${ashanti!.personId}` }, async (page) => {
      await page.getByRole('button', { name: 'Erase', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Erase Ashanti?' });
      const erase = dialog.getByRole('button', { name: 'Erase the person' });
      expect(await erase.isDisabled()).toBe(true);
      await checkAccess(page, 'person-erase');
      await dialog.getByRole('textbox').fill('Ashanti');
      await erase.click();
      const receipt = page.getByRole('dialog', { name: 'Receipt of an erasure' });
      await receipt.waitFor();
      expect(await receipt.locator('[data-fact=faces]').textContent()).toBe('2');
      await checkAccess(page, 'person-receipt');
      const saved = page.waitForEvent('download');
      await receipt.getByRole('button', { name: 'Save as a file' }).click();
      const kept = readFileSync(await (await saved).path(), 'utf8');
      expect(JSON.parse(kept)).toMatchObject({ collection, faceCount: 2, imageCount: 2 });
      expect(kept).not.toContain('Ashanti');
      await receipt.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('heading', { name: 'Persons', level: 1 }).waitFor();
    });
    expect((await personsOf(collection)).map((person) => person.name)).toEqual(['Halle Berry']);
  });
});
