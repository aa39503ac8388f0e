import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/api/types';
import { share } from '../../src/logic/format';
import { ratesAt } from '../../src/logic/plot';
import { api, checkAccess, enrol, makeCollection, photograph, visiting } from './support';

let collection: string;

beforeAll(async () => {
  collection = await makeCollection('calibration');
  for (const person of readdirSync(photograph('lfw')).toSorted().slice(0, 10)) {
    for (const picture of readdirSync(photograph(`lfw/${person}`)).slice(0, 2))
      await enrol(collection, photograph(`lfw/${person}/${picture}`));
  }
});

describe('the tolerance', () => {
  it('is shown over same and different distances, with its rates as measured', () => visiting({ collection, view: 'tolerance' }, async (page) => {
    await page.locator('.plot .area.same').waitFor();
    const measured = await api<Calibration>('POST', `/v1/collections/${collection}/calibration`);
    await page.getByText(`${measured.pairs.sameCount} pairs of pictures of the same person`).waitFor();
    expect(await page.locator('[data-rate=accept]').textContent()).toBe(share(ratesAt(measured.rates, measured.current.tolerance)!.falseMatchRate));
    await checkAccess(page, 'tolerance');

    const before = Number(await page.locator('.tolerance-line').getAttribute('x1'));
    await page.locator('#plot-tolerance').focus();
    for (let step = 0; step < 10; step++)
      await page.keyboard.press('ArrowRight');
    await page.waitForFunction(() => document.querySelector('#calibration-tolerance')?.textContent === '0.70');
    expect(Number(await page.locator('.tolerance-line').getAttribute('x1'))).toBeGreaterThan(before);
    expect(await page.locator('[data-rate=reject]').textContent()).toBe(share(ratesAt(measured.rates, 0.7)!.falseNonMatchRate));

    await page.getByRole('button', { name: 'Search with 0.70' }).click();
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor();
  }));

  it('is found for a wanted rate', () => visiting({ collection, view: 'tolerance' }, async (page) => {
    await page.locator('#wanted-rate').selectOption('0.01');
    const measured = await api<Calibration>('POST', `/v1/collections/${collection}/calibration?falseMatchRate=0.01`);
    if (measured.wanted)
      await page.getByText(`Tolerance ${measured.wanted.tolerance.toFixed(3)}`).waitFor();
    else
      await page.getByText('There are too few pairs for this rate.').waitFor();
  }));
});
