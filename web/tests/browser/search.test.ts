import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SearchAnswer } from '../../src/api/types';
import { api, checkAccess, enrol, fileInput, keep, lfw, makeCollection, modelName, photograph, said, visiting } from './support';

let collection: string;

beforeAll(async () => {
  collection = await makeCollection('search', [lfw('Tony_Shalhoub', 1), lfw('Tony_Shalhoub', 2), lfw('Halle_Berry', 1)]);
  await enrol(collection, lfw('Ashanti', 1), { tags: 'singer' });
});

const probe = lfw('Tony_Shalhoub', 3);
const group = photograph('group/ultra_19.jpg');

const search = async (page: Page, file: string): Promise<void> => {
  await fileInput(page).setInputFiles(file);
  await page.locator('#search-summary').waitFor();
};

const shown = (page: Page): Promise<string[]> =>
  page.locator('.match').evaluateAll((matches) => matches.map((match) => match.textContent.trim()));

const slide = (page: Page, id: string, value: number): Promise<void> =>
  page.locator(`#${id}`).evaluate((input: HTMLInputElement, wanted) => {
    input.value = String(wanted);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);

const asked = (query: string, file = probe): Promise<SearchAnswer> =>
  api('POST', `/v1/collections/${collection}/search?${query}`, new Uint8Array(readFileSync(file)), { 'Content-Type': 'image/jpeg' });

const labels = (answer: SearchAnswer): string[] => answer.faces.flatMap((face) =>
  face.matches.map((match) => `${match.person ?? `Face ${match.faceId}`}, distance ${match.distance.toFixed(3)}, rank ${match.rank}`));

describe('a search', () => {
  it('shows the matches of a picture with person, distance and crop, as the API answers them', () => visiting({ collection }, async (page) => {
    await search(page, probe);
    expect(await shown(page)).toEqual(labels(await asked('k=5&tolerance=0.6')));
    expect((await shown(page))[0]).toMatch(/^Tony Shalhoub, distance 0\.\d{3}, rank 1$/);
    await said(page, '1 face, 1 with a match.');
    await page.locator('.match face-crop[data-state=shown] img').first().waitFor();
    await checkAccess(page, 'search');
  }));

  it('applies the sliders exactly and without a request', () => visiting({ collection }, async (page) => {
    await search(page, probe);
    const requests: string[] = [];
    page.on('request', (request) => {
      if (/\/(search|detect)(\?|$)/.test(request.url()))
        requests.push(request.url());
    });
    for (const [k, tolerance] of [[50, 1.2], [2, 1.2], [50, 0.3], [1, 0.6], [5, 0.9]] as const) {
      await slide(page, 'k', k);
      await slide(page, 'tolerance', tolerance);
      expect(await shown(page)).toEqual(labels(await asked(`k=${k}&tolerance=${tolerance}`)));
    }
    await slide(page, 'tolerance', 0.05);
    await page.getByText('No match within 0.05; the nearest, Tony Shalhoub, is at').waitFor();
    await said(page, 'none with a match');
    expect(requests).toEqual([]);
  }));

  it('draws a box over every face of a group, and each can be selected', () => visiting({ collection }, async (page) => {
    await search(page, group);
    const answer = await asked('k=5', group);
    expect(answer.faces.length).toBeGreaterThanOrEqual(4);
    expect(await page.locator('.picture .box').count()).toBe(answer.faces.length);
    expect(await page.locator('.face-result').count()).toBe(answer.faces.length);

    // The box is over the face at the shown size of the picture.
    const picture = (await page.locator('.picture').boundingBox())!;
    const box = (await page.locator('.box[data-face="0"]').boundingBox())!;
    const scale = picture.width / answer.image.width;
    expect(Math.abs(box.x - picture.x - answer.faces[0]!.box.x * scale)).toBeLessThan(2);
    expect(Math.abs(box.height - answer.faces[0]!.box.height * scale)).toBeLessThan(2);

    await page.locator('.box[data-face="2"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('#face-2.selected').waitFor();
    expect(await page.locator('.box[data-face="2"]').getAttribute('aria-pressed')).toBe('true');
    await checkAccess(page, 'search-group');
  }));

  it('groups by person and filters by tag', () => visiting({ collection }, async (page) => {
    await search(page, probe);
    await slide(page, 'tolerance', 1.2);
    await page.getByLabel('One line per person').check();
    await page.locator('.group').nth(2).waitFor();
    expect(await page.locator('.group-name').first().textContent()).toContain('2 faces');
    await keep(page, 'search-by-person');
    await page.getByLabel('One line per person').uncheck();
    await page.locator('#search-tags').fill('singer');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.match').length === 1);
    expect((await shown(page))[0]).toContain('Ashanti');
  }));

  it('takes a picture that is dropped anywhere, or pasted', () => visiting({ collection }, async (page) => {
    const bytes = [...readFileSync(probe)];
    const hand = (kind: 'drop' | 'paste'): Promise<void> => page.evaluate(([how, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(content as number[])], `${how as string}.jpg`, { type: 'image/jpeg' }));
      document.querySelector('main')!.dispatchEvent(how === 'drop'
        ? new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })
        : new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
    }, [kind, bytes] as const);
    await hand('drop');
    await page.locator('.match').first().waitFor();
    await page.locator('#status').evaluate((region) => { region.textContent = ''; });
    await hand('paste');
    await said(page, '1 face, 1 with a match.');
  }));

  it('takes a picture with the camera', () => visiting({ collection, permissions: ['camera'] }, async (page) => {
    await page.getByRole('button', { name: 'Camera' }).click();
    await page.locator('video.camera').waitFor();
    await page.waitForFunction(() => (document.querySelector<HTMLVideoElement>('video.camera')?.videoWidth ?? 0) > 0);
    await page.getByRole('button', { name: 'Take the picture' }).click();
    // Chromium's fake camera shows no face.
    await page.getByRole('heading', { name: 'No face in this picture' }).waitFor();
  }));

  it('shows a message when there is no face or no picture', () => visiting({ collection }, async (page, { expected }) => {
    await fileInput(page).setInputFiles(photograph('noface/skimage_coins.png'));
    await page.getByRole('heading', { name: 'No face in this picture' }).waitFor();
    await said(page, 'No face was found in the picture.');
    expected.push(/status of 415/);
    await fileInput(page).setInputFiles(photograph('broken/text.jpg'));
    const problem = page.locator('.problem[data-code=not-a-picture]');
    await problem.waitFor();
    expect(await problem.locator('.trace code').textContent()).not.toBe('');
    await checkAccess(page, 'search-problem');
  }));

  it('leads from an unknown face to enrolling it', () => visiting({ collection }, async (page) => {
    await search(page, group);
    await page.getByRole('button', { name: 'Enrol face 2' }).click();
    await page.getByRole('heading', { name: 'Enrol', exact: true }).waitFor();
    await page.locator('.box[data-face="1"][aria-pressed=true]').waitFor();
  }));

  it('works by keyboard alone', () => visiting({ collection }, async (page) => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('Tab');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(probe);
    await page.locator('#search-summary').waitFor();

    await page.locator('#tolerance').focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.querySelector('.slider output')?.textContent === '0.59');
    await page.locator('.match').first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Face' }).getByText(await modelName()).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('match');
  }));
});
