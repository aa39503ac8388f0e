import { html, svg, type TemplateResult } from 'lit-html';
import type { Calibration } from '../api/types';
import { linear, shares, stepPath, ticks, usedBins } from '../logic/plot';

const width = 720;
const height = 300;
const edge = { left: 8, right: 8, top: 26, bottom: 42 };

/** The distances of same and of different pairs as two areas of equal size, and the tolerance as a line. */
export function distancePlot(answer: Calibration, tolerance: number): TemplateResult {
  const bins = Math.min(usedBins(answer.sameHistogram, answer.differentHistogram) + 1, Math.max(answer.sameHistogram.length, answer.differentHistogram.length));
  const most = Math.max(bins * answer.binWidth, tolerance + answer.binWidth);
  const same = shares(answer.sameHistogram.slice(0, bins));
  const different = shares(answer.differentHistogram.slice(0, bins));
  const top = Math.max(...same, ...different, 1e-9);
  const x = linear([0, most], [edge.left, width - edge.right]);
  const y = linear([0, top], [height - edge.bottom, edge.top]);
  const line = x(tolerance);
  const text = `A plot of distances from 0 to ${most.toFixed(1)}. Pairs of the same person lie mostly left, pairs of different persons mostly right of the tolerance ${tolerance.toFixed(2)}.`;
  return html`
    <figure class="plot">
      <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text}>
        <g class="axis">
          ${ticks(0, most, 8).map((tick) => svg`
            <line x1=${x(tick)} x2=${x(tick)} y1=${edge.top} y2=${height - edge.bottom} class="grid"></line>
            <text x=${Math.min(Math.max(x(tick), 12), width - 16)} y=${height - edge.bottom + 18} text-anchor="middle">${tick}</text>`)}
          <text x=${width / 2} y=${height - 4} text-anchor="middle">distance</text>
        </g>
        <path class="area same" d=${stepPath(same, answer.binWidth, x, y)}></path>
        <path class="area different" d=${stepPath(different, answer.binWidth, x, y)}></path>
        <line class="tolerance-line" x1=${line} x2=${line} y1=${edge.top - 8} y2=${height - edge.bottom}></line>
        <text class="tolerance-text" x=${line} y=${edge.top - 13} text-anchor=${line > width - 80 ? 'end' : line < 80 ? 'start' : 'middle'}>tolerance ${tolerance.toFixed(2)}</text>
      </svg>
      <figcaption class="legend"><span><i class="swatch same"></i>same person</span><span><i class="swatch different"></i>different persons</span></figcaption>
    </figure>`;
}
