import { listCollections } from '../api/calls';
import { Problem } from '../api/problem';
import type { Collection } from '../api/types';
import { redraw } from './redraw';
import { session } from './session';

const chosen = 'facesearch.collection';

/** What all views share: the collections, the one that is looked at, and what the key may do. */
export const state = {
  collection: localStorage.getItem(chosen) ?? 'default',
  collections: [] as Collection[],
  /** Null until it is known. */
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

/** Asks anew what there is and what the key may do. Without a key nothing is asked: only a server in development answers. */
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

