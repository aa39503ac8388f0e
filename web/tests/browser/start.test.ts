import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { checkAccess, fileInput, key, lfw, makeCollection, openServer, photograph, said, visiting } from './support';

/** Enters a wrong key into the open key dialog, and cancels the dialog. */
async function refuseKey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key', { exact: true }).fill('fs_0000');
  await dialog.getByRole('button', { name: 'Use this key' }).click();
  await dialog.locator('.problem[data-code=unauthorized]').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
}

describe('the first visit', () => {
  it('shows the first steps, and where to find the key', () => visiting({ withKey: false }, async (page) => {
    await page.getByRole('heading', { name: 'Start here' }).waitFor();
    await page.getByText('The admin API key, shown this once').first().waitFor();
    await checkAccess(page, 'start-no-key');
  }));

  it('refuses a wrong key with the problem’s title, detail and traceId', () => visiting({ withKey: false }, async (page, { expected }) => {
    expected.push(/status of 401/);
    await page.getByRole('button', { name: 'Enter the key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Key', { exact: true }).fill('fs_0000');
    await dialog.getByRole('button', { name: 'Use this key' }).click();
    const problem = dialog.locator('.problem[data-code=unauthorized]');
    await problem.getByText('The call needs a valid API key').waitFor();
    expect(await problem.locator('p').nth(1).textContent()).toMatch(/key/i);
    expect(await problem.locator('.trace code').textContent()).not.toBe('');
    await checkAccess(page, 'start-wrong-key');
  }));

  it('returns the focus to its control after a wrong key and Cancel', () => visiting({ withKey: false }, async (page, { expected }) => {
    expected.push(/status of 401/);
    await page.getByRole('button', { name: 'Enter the key' }).click();
    await refuseKey(page);
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Enter the key');
  }));

  it('uses the previous key again after a wrong key and Cancel', () => visiting({}, async (page, { expected }) => {
    expected.push(/status of 401/);
    await page.locator('#collection').waitFor();
    await page.locator('.key-button').click();
    await refuseKey(page);
    await page.locator('#collection').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Key');
  }));

  it('keeps the key for the tab, or for the browser when the user ticks it', () => visiting({ withKey: false }, async (page) => {
    const stored = () => page.evaluate(() => [sessionStorage.getItem('facesearch.key'), localStorage.getItem('facesearch.key')]);
    const enter = async (remember: boolean): Promise<void> => {
      await page.locator('.key-button').click();
      await page.getByRole('dialog').getByLabel('Key', { exact: true }).fill(key);
      await page.getByRole('dialog').getByLabel(/Remember it/).setChecked(remember);
      await page.getByRole('button', { name: 'Use this key' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await enter(false);
    expect(await stored()).toEqual([key, null]);
    await page.locator('#collection').waitFor();
    await enter(true);
    expect(await stored()).toEqual([null, key]);
    expect(page.url()).not.toContain(key);

    await page.locator('.key-button').click();
    await page.getByRole('button', { name: 'Forget the key' }).click();
    await page.getByRole('heading', { name: 'Start here' }).waitFor();
    expect(await stored()).toEqual([null, null]);
  }));

  it('leads from an empty collection to enrolling', async () => {
    const collection = await makeCollection('empty');
    await visiting({ collection }, async (page) => {
      await page.getByRole('heading', { name: /No face is enrolled/ }).waitFor();
      await checkAccess(page, 'start-empty');
      await page.getByRole('main').getByRole('link', { name: 'Enrol faces' }).click();
      await page.getByRole('heading', { name: 'Enrol', exact: true }).waitFor();
      for (const [view, text] of [['faces', 'No face is enrolled yet'], ['persons', 'There are no persons yet'], ['tolerance', 'There are no faces to compare yet']] as const) {
        await page.goto(`${page.url().split('#')[0]}#/${view}`);
        await page.getByRole('heading', { name: text }).waitFor();
      }
    });
  });

  it('searches and enrols without a key on a server in development', () => visiting({ withKey: false, server: openServer, view: 'enrol' }, async (page) => {
    await fileInput(page).setInputFiles(lfw('Ashanti', 1));
    await page.getByRole('button', { name: 'Enrol this face' }).click();
    await page.getByRole('heading', { name: '1 face enrolled' }).waitFor();
    await page.getByRole('button', { name: 'Another picture' }).click();
    await page.locator('input[webkitdirectory]').setInputFiles(photograph('lfw/Halle_Berry'));
    await page.locator('.job[data-state=succeeded]').waitFor();
    await page.getByRole('navigation').getByRole('link', { name: 'Search' }).click();
    await fileInput(page).setInputFiles(lfw('Ashanti', 2));
    await page.locator('.match').getByText('Ashanti').first().waitFor();
    await checkAccess(page, 'search-no-key');
  }));

  it('shows a problem while the server is unreachable, and reloads afterwards', () => visiting({ view: 'faces' }, async (page, { expected }) => {
    expected.push(/ERR_FAILED|ERR_CONNECTION/);
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.locator('.problem[data-code=unreachable]').getByText('The server does not answer').waitFor();
    await said(page, 'The server does not answer');
    await page.unroute('**/v1/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.problem').waitFor({ state: 'detached' });
  }));
});
