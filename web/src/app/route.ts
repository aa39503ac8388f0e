/** The route is the URL's fragment, because the server serves one page only. */
export interface Route { view: string; id: string | null }

export function parseRoute(hash: string): Route {
  const [view, id] = hash.replace(/^#\/?/, '').split('/');
  return { view: view || 'search', id: id ? decodeURIComponent(id) : null };
}

export function hashOf(view: string, id?: string): string {
  return id === undefined ? `#/${view}` : `#/${view}/${encodeURIComponent(id)}`;
}

export function go(view: string, id?: string): void {
  location.hash = hashOf(view, id);
}
