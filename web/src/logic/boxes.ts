import type { Box, ImageSize } from '../api/types';

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(3)}%`;

/** A face's position in per cent of its picture, independent of the shown size. Boxes are clipped to the picture. */
export function boxStyle(box: Box, image: ImageSize): string {
  const left = Math.max(0, box.x);
  const top = Math.max(0, box.y);
  const right = Math.min(image.width, box.x + box.width);
  const bottom = Math.min(image.height, box.y + box.height);
  return [
    `left:${percent(left, image.width)}`,
    `top:${percent(top, image.height)}`,
    `width:${percent(Math.max(0, right - left), image.width)}`,
    `height:${percent(Math.max(0, bottom - top), image.height)}`,
  ].join(';');
}

/** The square cut-out around a face, a quarter larger than its box, as a background of a square element. */
export function cutOutStyle(url: string, box: Box, image: ImageSize): string {
  const side = Math.min(1.25 * Math.max(box.width, box.height), image.width, image.height);
  const left = clamp(box.x + box.width / 2 - side / 2, 0, image.width - side);
  const top = clamp(box.y + box.height / 2 - side / 2, 0, image.height - side);
  const place = (offset: number, whole: number): string => (whole === side ? '0%' : percent(offset, whole - side));
  return [
    `background-image:url("${url}")`,
    `background-size:${percent(image.width, side)} ${percent(image.height, side)}`,
    `background-position:${place(left, image.width)} ${place(top, image.height)}`,
  ].join(';');
}

/** The indices in paint order: large boxes first, so small boxes lie on top and can be clicked. */
export function paintOrder(boxes: readonly Box[]): number[] {
  return boxes.map((_, index) => index).sort((a, b) => area(boxes[b]!) - area(boxes[a]!));
}

function area(box: Box): number {
  return box.width * box.height;
}

export function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** The box in the format of the API's `targetBox`. */
export function boxText(box: Box): string {
  return `${box.x},${box.y},${box.width},${box.height}`;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
