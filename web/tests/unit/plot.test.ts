import { describe, expect, it } from 'vitest';
import { linear, ratesAt, shares, stepPath, ticks, usedBins } from '../../src/logic/plot';

describe('linear', () => {
  it('maps ends to ends, also downwards', () => {
    const y = linear([0, 2], [100, 0]);
    expect([y(0), y(1), y(2)]).toEqual([100, 50, 0]);
  });

  it('maps an empty domain to the start of the range', () => expect(linear([1, 1], [5, 9])(1)).toBe(5));
});

describe('ticks', () => {
  it('are round and within the range', () => expect(ticks(0, 1.43, 8)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4]));
  it('are free of rounding errors', () => expect(ticks(0, 0.35, 8)).toEqual([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35]));
  it('begin above an uneven start', () => expect(ticks(13, 47, 5)).toEqual([20, 30, 40]));
  it('are one value for an empty range', () => expect(ticks(2, 2, 5)).toEqual([2]));
});

describe('shares', () => {
  it('sum up to one', () => expect(shares([1, 3])).toEqual([0.25, 0.75]));
  it('are zero when the sum is zero', () => expect(shares([0, 0])).toEqual([0, 0]));
});

it('draws bins as steps that end on the base line', () =>
  expect(stepPath([1, 2], 0.5, linear([0, 1], [0, 10]), linear([0, 2], [10, 0])))
    .toBe('M0.0,10.0H0.0V5.0H5.0H5.0V0.0H10.0V10.0Z'));

it('finds how many bins are in use', () => {
  expect(usedBins([1, 0, 0], [0, 1, 0])).toBe(2);
  expect(usedBins([0, 0])).toBe(1);
});

describe('ratesAt', () => {
  const rate = (tolerance: number, falseMatchRate: number) =>
    ({ tolerance, falseMatchRate, falseNonMatchRate: 1 - falseMatchRate, expectedFalseMatches: 10 * falseMatchRate });
  const rates = [rate(0.5, 0), rate(0.6, 0.2), rate(0.7, 1)];

  it('is the measured rate at a measured tolerance', () => expect(ratesAt(rates, 0.6)?.falseMatchRate).toBeCloseTo(0.2));
  it('is interpolated linearly between two tolerances', () => expect(ratesAt(rates, 0.65)?.falseMatchRate).toBeCloseTo(0.6));
  it('is constant beyond the ends', () => {
    expect(ratesAt(rates, 0.1)?.falseMatchRate).toBe(0);
    expect(ratesAt(rates, 2)?.falseMatchRate).toBe(1);
  });
  it('is null without rates', () => expect(ratesAt([], 0.6)).toBeNull());
});
