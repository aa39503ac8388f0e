export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [field, value] of Object.entries(query)) {
    for (const single of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      if (single !== null && single !== undefined && single !== '')
        search.append(field, String(single));
    }
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}
