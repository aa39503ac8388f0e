import { html, nothing, type TemplateResult } from 'lit-html';
import type { Box, ImageSize } from '../api/types';
import { boxStyle, cutOutStyle, paintOrder } from '../logic/boxes';

export interface MarkedFace {
  box: Box;
  /** The label for screen readers. */
  label: string;
  /** The text at the box; undefined when there are too many boxes. */
  caption?: string;
  kind?: 'known' | 'unknown' | 'refused';
}

export interface MarkedPicture {
  url: string;
  image: ImageSize;
  alt: string;
  faces: readonly MarkedFace[];
  selected?: number | null;
  onSelect?: (index: number) => void;
}

/** A picture with a box over every face; each box is a button. */
export function markedPicture(picture: MarkedPicture): TemplateResult {
  const { image, faces } = picture;
  // At most 62% of the window's height and 2.5 times the picture's own width, but at least 320 pixels.
  const size = `aspect-ratio:${image.width}/${image.height};width:min(100%, calc(62vh * ${(image.width / image.height).toFixed(4)}), ${Math.max(2.5 * image.width, 320).toFixed(0)}px)`;
  return html`
    <div class="picture" .style=${size}>
      <img src=${picture.url} alt=${picture.alt}>
      ${paintOrder(faces.map((face) => face.box)).map((index) => {
        const face = faces[index]!;
        return html`
          <button type="button" class="box" data-kind=${face.kind ?? 'known'} data-face=${index}
            .style=${boxStyle(face.box, image)}
            aria-label=${face.label} aria-pressed=${picture.selected === index}
            ?disabled=${!picture.onSelect}
            @click=${() => picture.onSelect?.(index)}>
            ${face.caption ? html`<span class="box-caption" aria-hidden="true">${face.caption}</span>` : nothing}
          </button>`;
      })}
    </div>`;
}

/** Cuts a face out of a picture that the page already has; sends no request. */
export function cutOut(url: string, box: Box, image: ImageSize, label: string): TemplateResult {
  return html`<span class="cut-out" role="img" aria-label=${label} .style=${cutOutStyle(url, box, image)}></span>`;
}
