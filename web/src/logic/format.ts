const numbers = new Intl.NumberFormat('en');

export function count(value: number): string {
  return numbers.format(value);
}

export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A distance with three decimals. */
export function distance(value: number): string {
  return value.toFixed(3);
}

/** A share in per cent with up to two significant digits: 12%, 1.5%, 0.04%; a dash for null. */
export function share(value: number | null): string {
  if (value === null)
    return '–';
  const percent = 100 * value;
  if (percent === 0 || percent >= 10)
    return `${Math.round(percent)}%`;
  return percent >= 1 ? `${percent.toFixed(1)}%` : percent < 0.01 ? '<0.01%' : `${Number(percent.toPrecision(2))}%`;
}

/** A duration, rounded up: "8 s", "3 min", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 90)
    return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function bytes(value: number): string {
  if (value < 1000)
    return `${value} B`;
  return value < 1e6 ? `${Math.round(value / 1000)} kB` : value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}

const moments = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

export function moment(iso: string): string {
  return moments.format(new Date(iso));
}

/** "a, b , a" to ["a", "b"]. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()).filter((tag) => tag !== ''))];
}
