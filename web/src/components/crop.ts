import { getFaceCrop } from '../api/calls';
import { state } from '../app/state';

/** A crop needs the key in a header, so it is fetched and not linked. The cache keeps the last `most` crops. */
const most = 400;
const kept = new Map<string, Promise<string | null>>();

export function forgetCrops(): void {
  for (const url of kept.values())
    void url.then((found) => found && URL.revokeObjectURL(found));
  kept.clear();
}

function cropUrl(collection: string, faceId: string, size: number): Promise<string | null> {
  const name = `${collection}/${faceId}/${size}`;
  let url = kept.get(name);
  if (!url) {
    url = getFaceCrop(collection, faceId, size).then((blob) => URL.createObjectURL(blob), () => null);
    kept.set(name, url);
    for (const [oldest, oldUrl] of kept) {
      if (kept.size <= most)
        break;
      kept.delete(oldest);
      void oldUrl.then((found) => found && URL.revokeObjectURL(found));
    }
  }
  return url;
}

/**
 * `<face-crop face="12" label="Ada Lovelace">`: the face cut out of its picture, loaded when it scrolls into view.
 * Shows a placeholder when the picture was not kept or the key may not read.
 */
class FaceCrop extends HTMLElement {
  static readonly observedAttributes = ['face', 'label', 'size'];
  private static readonly seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) {
        FaceCrop.seen.unobserve(entry.target);
        void (entry.target as FaceCrop).load();
      }
    }
  }, { rootMargin: '200px' });

  connectedCallback(): void {
    this.reset();
  }

  disconnectedCallback(): void {
    FaceCrop.seen.unobserve(this);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after || !this.isConnected)
      return;
    if (name === 'label')
      this.name();
    else
      this.reset();
  }

  private reset(): void {
    this.replaceChildren();
    delete this.dataset['state'];
    this.name();
    if (this.getAttribute('face') && state.canRead)
      FaceCrop.seen.observe(this);
    else
      this.dataset['state'] = 'missing';
  }

  private name(): void {
    const label = this.getAttribute('label') ?? '';
    if (label === '') {
      this.setAttribute('aria-hidden', 'true');
      this.removeAttribute('role');
    } else {
      this.removeAttribute('aria-hidden');
      this.setAttribute('role', 'img');
      this.setAttribute('aria-label', label);
    }
  }

  private async load(): Promise<void> {
    const face = this.getAttribute('face')!;
    const url = await cropUrl(state.collection, face, Number(this.getAttribute('size') ?? 160));
    if (this.getAttribute('face') !== face)
      return;
    if (url === null) {
      this.dataset['state'] = 'missing';
      return;
    }
    const image = new Image();
    image.alt = '';
    image.src = url;
    this.replaceChildren(image);
    this.dataset['state'] = 'shown';
  }
}

customElements.define('face-crop', FaceCrop);
