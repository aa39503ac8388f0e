import { listCollections } from '../api/calls';
import { Problem } from '../api/problem';
import { session } from '../api/session';
import type { Collection } from '../api/types';
import { redraw } from './redraw';

const chosen = 'facesearch.collection';

/** The state that all views share: the collections, the selected one, and whether the key may read. */
export const state = {
  collection: localStorage.getItem(chosen) ?? 'default',
  collections: [] as Collection[],
  /** Null until the first refresh. */
  canRead: null as boolean | null,
  problem: null as Problem | null,
};

export function currentCollection(): Collection | null {
  return state.collections.find((collection) => collection.name === state.collection) ?? null;
}

export function choose(collection: string): void {
  state.collection = collection;
  localStorage.setItem(chosen, collection);
  redraw();
}

/** Reads the collections again and whether the key may read. Sends no request when the page has no key. */
export async function refresh(): Promise<void> {
  state.problem = null;
  if (session.key === null) {
    Object.assign(state, { collections: [], canRead: false });
    redraw();
    return;
  }

  try {
    state.collections = await listCollections();
    state.canRead = true;
    if (state.collections.length > 0 && !currentCollection())
      choose(state.collections[0]!.name);
  } catch (thrown) {
    state.collections = [];
    state.canRead = false;
    state.problem = Problem.from(thrown);
    if (state.problem?.status === 403)
      state.problem = null;
  }
  redraw();
}

