/** The geometry of the calibration plot: counts of distances as step areas, rates between measured tolerances. */

export interface Scale {
  readonly domain: readonly [number, number];
  (value: number): number;
}

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const factor = to === from ? 0 : (range[1] - range[0]) / (to - from);
  return Object.assign((value: number) => range[0] + (value - from) * factor, { domain });
}

/** Round values for an axis: at most `most` intervals, with steps of 1, 2 or 5 times a power of ten. */
export function ticks(from: number, to: number, most: number): number[] {
  if (!(to > from))
    return [from];
  const rough = (to - from) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Counts as shares of their sum: a plot then compares few same pairs with many different ones. */
export function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, value) => total + value, 0);
  return counts.map((value) => (sum === 0 ? 0 : value / sum));
}

/** An SVG path along the tops of the bins, closed on the base line. */
export function stepPath(values: readonly number[], binWidth: number, x: Scale, y: Scale): string {
  const at = (value: number): string => value.toFixed(1);
  const tops = values.map(
    (value, bin) => `H${at(x(bin * binWidth))}V${at(y(value))}H${at(x((bin + 1) * binWidth))}`,
  );
  return `M${at(x(0))},${at(y(0))}${tops.join('')}V${at(y(0))}Z`;
}

/** The number of bins up to the last non-empty one; at least one. */
export function usedBins(...counts: readonly (readonly number[])[]): number {
  return Math.max(1, ...counts.map((bins) => bins.findLastIndex((value) => value > 0) + 1));
}

/** A rate is null when there are no pairs of that kind. */
export interface RatesAt {
  tolerance: number;
  falseMatchRate: number | null;
  falseNonMatchRate: number | null;
  expectedFalseMatches: number | null;
}

/** The rates at a tolerance, interpolated linearly between two measured ones; null without measured rates. */
export function ratesAt(rates: readonly RatesAt[], tolerance: number): RatesAt | null {
  const above = rates.findIndex((rate) => rate.tolerance >= tolerance);
  if (rates.length === 0)
    return null;
  if (above <= 0)
    return { ...(above === 0 ? rates[0]! : rates.at(-1)!), tolerance };

  const low = rates[above - 1]!;
  const high = rates[above]!;
  const part = (tolerance - low.tolerance) / (high.tolerance - low.tolerance);
  const between = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + part * (b - a));
  return {
    tolerance,
    falseMatchRate: between(low.falseMatchRate, high.falseMatchRate),
    falseNonMatchRate: between(low.falseNonMatchRate, high.falseNonMatchRate),
    expectedFalseMatches: between(low.expectedFalseMatches, high.expectedFalseMatches),
  };
}
