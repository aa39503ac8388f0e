import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Face } from '../../src/api/types';
import { api, checkAccess, fileInput, lfw, makeCollection, modelName, photograph, said, visiting } from './support';

const facesOf = async (collection: string): Promise<Face[]> =>
  (await api<{ faces: Face[] }>('GET', `/v1/collections/${collection}/faces`)).faces;

const open = async (page: Page, file: string): Promise<void> => {
  await fileInput(page).setInputFiles(file);
  await page.getByRole('form', { name: 'What is known about the face' }).waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
};

describe('enrolling a picture', () => {
  it('shows the quality and stores person, tags and external id', async () => {
    const collection = await makeCollection('enrol');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      await open(page, lfw('Ashanti', 1));
      await page.getByText('Good enough to be recognised.').waitFor();
      await page.getByLabel(/^Person/).fill('Ashanti Douglas');
      await page.getByLabel(/^Tags/).fill('singer, 2004');
      await page.getByText('More', { exact: true }).click();
      await page.getByLabel(/^External id/).fill('staff-7');
      await checkAccess(page, 'enrol-one');
      await page.getByRole('button', { name: 'Enrol this face' }).click();
      await page.getByRole('heading', { name: '1 face enrolled' }).waitFor();
      await said(page, '1 face enrolled.');
      await checkAccess(page, 'enrol-done');
    });
    expect((await facesOf(collection)).map(({ person, tags, externalId }) => ({ person, tags: tags.toSorted(), externalId })))
      .toEqual([{ person: 'Ashanti Douglas', tags: ['2004', 'singer'], externalId: 'staff-7' }]);
  });

  it('enrols the face that is clicked', async () => {
    const collection = await makeCollection('enrol-box');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      await open(page, photograph('group/ultra_19.jpg'));
      const detected = await page.locator('.picture .box').count();
      expect(detected).toBeGreaterThanOrEqual(4);
      await page.locator('.box[data-face="2"]').click();
      await page.getByLabel(/^Person/).fill('Third');
      await page.getByRole('button', { name: 'Enrol this face' }).click();
      await page.getByRole('heading', { name: '1 face enrolled' }).waitFor();
      await page.getByRole('button', { name: 'Another picture' }).click();

      await open(page, photograph('group/ultra_13.jpg'));
      await page.getByLabel(/All \d+ faces/).check();
      await page.getByLabel(/^Person/).fill('Couple');
      await page.getByRole('button', { name: /^Enrol \d+ faces/ }).click();
      await page.getByRole('heading', { name: /faces enrolled/ }).waitFor();
    });
    const faces = await facesOf(collection);
    const [named, ...others] = faces.filter((face) => face.person === 'Couple');
    expect(others).toEqual([]);
    expect(faces.filter((face) => face.imageId === named!.imageId).length).toBeGreaterThanOrEqual(2);
    const third = faces.find((face) => face.person === 'Third')!;
    const detection = await api<{ faces: { box: Face['box'] }[] }>('POST', '/v1/detect', await bytesOf('group/ultra_19.jpg'), { 'Content-Type': 'image/jpeg' });
    expect(third.box).toEqual(detection.faces[2]!.box);
  });

  it('shows the reasons why a face is not good enough', async () => {
    const collection = await makeCollection('enrol-quality');
    await visiting({ collection, view: 'enrol' }, async (page, { expected }) => {
      expected.push(/status of 422/);
      await open(page, photograph('group/ultra_11.jpg'));
      await page.getByText('More', { exact: true }).click();
      await page.getByLabel(/^Minimum quality/).selectOption('high');
      await page.locator('.box[data-kind=refused]').first().waitFor();
      await page.locator('.box[data-kind=refused]').last().click();
      const reasons = page.locator('.quality .reasons li');
      await reasons.first().waitFor();
      expect(await reasons.first().textContent()).toMatch(/The (face|detector)/);
      await page.getByRole('button', { name: 'Enrol this face' }).click();
      await page.locator('.problem[data-code=low-quality]').waitFor();
      await checkAccess(page, 'enrol-refused');
    });
    expect(await facesOf(collection)).toEqual([]);
  });

  it('warns of a near-duplicate, and removes it', async () => {
    const collection = await makeCollection('enrol-twice', [photograph('deepface/deepface_person_03/' + (await firstOf('deepface/deepface_person_03')))]);
    await visiting({ collection, view: 'enrol' }, async (page, { expected }) => {
      // The server refuses the same picture and names the enrolled face.
      expected.push(/status of 409/);
      const picture = photograph('deepface/deepface_person_03/' + (await firstOf('deepface/deepface_person_03')));
      await open(page, picture);
      await page.getByRole('button', { name: 'Enrol this face' }).click();
      const problem = page.locator('.problem[data-code=duplicate-picture]');
      await problem.waitFor();
      await problem.getByRole('button', { name: 'Show the enrolled face' }).click();
      await page.getByRole('dialog', { name: 'Face' }).getByText(await modelName()).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Another picture' }).click();

      // A near-duplicate: the same picture, encoded again.
      const { again } = await page.evaluate(async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
        const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 });
        return { again: [...new Uint8Array(await blob.arrayBuffer())] };
      }, [...(await import('node:fs')).readFileSync(picture)]);
      await fileInput(page).setInputFiles({ name: 'again.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(again) });
      await page.getByRole('form', { name: 'What is known about the face' }).waitFor();
      await page.getByRole('button', { name: 'Enrol this face' }).click();
      await page.locator('.notice[data-code=near-duplicate]').waitFor();
      await checkAccess(page, 'enrol-near-duplicate');
      expect(await facesOf(collection)).toHaveLength(2);
      await page.getByRole('button', { name: 'Remove the new face' }).click();
      await page.getByRole('heading', { name: 'Nothing is enrolled' }).waitFor();
    });
    expect(await facesOf(collection)).toHaveLength(1);
  });

  it('shows a message when there is no face or no picture', async () => {
    const collection = await makeCollection('enrol-nothing');
    await visiting({ collection, view: 'enrol' }, async (page) => {
      await fileInput(page).setInputFiles(photograph('noface/skimage_coins.png'));
      await page.getByRole('heading', { name: 'No face in this picture' }).waitFor();
      await page.getByRole('button', { name: 'Another picture' }).click();
      await fileInput(page).setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') });
      await page.getByRole('main').getByText('There are no pictures among these files.').waitFor();
    });
  });
});

async function bytesOf(path: string): Promise<Uint8Array> {
  return new Uint8Array((await import('node:fs')).readFileSync(photograph(path)));
}

async function firstOf(folder: string): Promise<string> {
  return (await import('node:fs')).readdirSync(photograph(folder)).toSorted()[0]!;
}
