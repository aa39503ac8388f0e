import { html, nothing, type TemplateResult } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { calibrateCollection } from '../api/calls';
import type { Calibration } from '../api/types';
import { announce } from '../app/announce';
import { redraw } from '../app/redraw';
import { state } from '../app/state';
import { Task } from '../app/task';
import { distancePlot } from '../components/distance-plot';
import { openKeyDialog } from '../controls/key-dialog';
import { problemBox } from '../controls/problem';
import { count, counted, moment, share } from '../logic/format';
import { ratesAt } from '../logic/plot';
import { useTolerance } from './search';
import type { View } from './view';

const measuring = new Task();
const my = {
  of: '',
  answer: null as Calibration | null,
  wantedRate: 0.001,
  tolerance: 0.6,
};

async function measure(): Promise<void> {
  await measuring.run(async (signal) => {
    const answer = await calibrateCollection(state.collection, my.wantedRate, signal);
    if (my.of !== state.collection)
      my.tolerance = answer.current.tolerance;
    Object.assign(my, { answer, of: state.collection });
    announce(`${counted(answer.pairs.sameCount, 'pair')} of the same person and ${counted(answer.pairs.differentCount, 'pair')} of different persons were measured.`);
  });
}

function slide(value: number, isAtRest: boolean): void {
  my.tolerance = value;
  if (isAtRest)
    announce(sentence());
  redraw();
}

const expected = (matches: number | null): string =>
  matches === null ? '–' : matches < 10 ? matches.toFixed(2) : count(Math.round(matches));

function sentence(): string {
  const at = ratesAt(my.answer!.rates, my.tolerance);
  return at
    ? `At ${my.tolerance.toFixed(2)}, ${share(at.falseMatchRate)} of strangers are accepted and ${share(at.falseNonMatchRate)} of true pairs are missed.`
    : '';
}

function measured(answer: Calibration): TemplateResult {
  const at = ratesAt(answer.rates, my.tolerance);
  const most = answer.rates.at(-1)?.tolerance ?? 1.5;
  return html`
    <section class="panel stack" aria-label="Distances">
      <p>Distances between ${counted(answer.pairs.sameCount, 'pair')} of pictures of the same person and
        ${counted(answer.pairs.differentCount, 'pair')} of different persons${answer.pairs.sampled ? ' (a sample)' : ''}, from
        ${counted(answer.faceCount, 'face')} of ${counted(answer.personCount, 'person')}; ${count(answer.personsWithSeveralFacesCount)} have several.
        Measured ${moment(answer.measuredAt)}${answer.jobId === null ? '' : '; a job is measuring again'}.</p>
      ${distancePlot(answer, my.tolerance)}
      <label class="slider">
        <span>Tolerance</span><output id="calibration-tolerance">${my.tolerance.toFixed(2)}</output>
        <input id="plot-tolerance" type="range" min="0.05" max=${most.toFixed(2)} step="0.01" .value=${live(String(my.tolerance))}
          @input=${(event: Event) => slide(Number((event.target as HTMLInputElement).value), false)}
          @change=${(event: Event) => slide(Number((event.target as HTMLInputElement).value), true)}>
      </label>
      ${at ? html`
        <dl class="tiles">
          <div class="tile"><dt>False matches</dt><dd data-rate="accept">${share(at.falseMatchRate)}</dd><dd class="tile-note">pairs of different persons within it</dd></div>
          <div class="tile"><dt>False non-matches</dt><dd data-rate="reject">${share(at.falseNonMatchRate)}</dd><dd class="tile-note">pairs of one person beyond it</dd></div>
          <div class="tile"><dt>Expected false matches</dt><dd data-rate="matches">${expected(at.expectedFalseMatches)}</dd><dd class="tile-note">a stranger’s search would get</dd></div>
        </dl>` : nothing}
      <div class="row wrap">
        <button type="button" class="button primary" @click=${() => useTolerance(my.tolerance)}>Search with ${my.tolerance.toFixed(2)}</button>
        <button type="button" class="button quiet" @click=${() => slide(answer.current.tolerance, true)}>The server’s default, ${answer.current.tolerance.toFixed(2)}</button>
      </div>
    </section>
    ${answer.warnings.map((warning) => html`<div class="notice warn"><p>${warning}</p></div>`)}
    <section class="panel stack" aria-labelledby="wanted-title">
      <h2 id="wanted-title">The tolerance for a wanted rate</h2>
      <label class="inline-field"><span>Accept at most</span>
        <select id="wanted-rate" @change=${(event: Event) => { my.wantedRate = Number((event.target as HTMLSelectElement).value); void measure(); }}>
          ${[0.05, 0.01, 0.001, 0.0001].map((rate) => html`<option value=${rate} ?selected=${my.wantedRate === rate}>${share(rate)}</option>`)}
        </select><span>of strangers</span></label>
      ${answer.wanted
        ? html`<p>Tolerance <strong>${answer.wanted.tolerance.toFixed(3)}</strong>, which misses ${share(answer.wanted.falseNonMatchRate)} of the true pairs.
            <button type="button" class="link" @click=${() => slide(answer.wanted!.tolerance, true)}>Show it in the plot</button></p>`
        : html`<p class="muted">There are too few pairs for this rate.</p>`}
    </section>
    <details class="panel"><summary>The rates as a table</summary>
      <div class="table-wrap" tabindex="0" role="region" aria-label="Rates">
        <table><thead><tr><th class="number">Tolerance</th><th class="number">False matches</th><th class="number">False non-matches</th><th class="number">Expected false matches</th></tr></thead>
          <tbody>${answer.rates.map((rate) => html`<tr><td class="number">${rate.tolerance.toFixed(2)}</td><td class="number">${share(rate.falseMatchRate)}</td>
            <td class="number">${share(rate.falseNonMatchRate)}</td><td class="number">${expected(rate.expectedFalseMatches)}</td></tr>`)}</tbody></table>
      </div></details>`;
}

export const calibrationView: View = {
  title: 'Tolerance',
  enter() {
    if (my.of !== state.collection)
      my.answer = null;
    void measure();
  },
  leave() { measuring.stop(); },

  render() {
    const answer = my.answer;
    return html`
      <div class="view-head"><h1 tabindex="-1">Tolerance</h1>
        <p class="muted">The error rates of a tolerance on your own faces: strangers who match an enrolled person, and people who are not recognised.</p></div>
      ${problemBox(measuring.problem, openKeyDialog, html`<button type="button" class="button small" @click=${measure}>Try again</button>`)}
      ${answer
        ? answer.pairs.sameCount + answer.pairs.differentCount > 0
          ? html`<div class="stack" aria-busy=${measuring.running}>${measured(answer)}</div>`
          : html`<div class="empty"><h2>There are no faces to compare yet</h2>
              <p class="muted">Enrol at least two pictures each of a few persons. More pictures give more reliable rates.</p>
              <a class="button primary" href="#/enrol">Enrol faces</a></div>`
        : measuring.running ? html`<div class="skeletons"><div></div></div>` : nothing}`;
  },
};
