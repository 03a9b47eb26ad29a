// Loops as lanes: utilisation over time, lengths of turns, what they do not do now.

import {el, heading, keyed, svg, table, text} from './dom.js';
import {count, place, plural, shortTime, time} from './format.js';
import {model} from './model.js';

const LIMITS = ['16 us', '64 us', '256 us', '1 ms', '4 ms', '16 ms', '65 ms', '262 ms', '1 s', 'more'];
const RECENT = 60;
const WIDTH = 240;
const HEIGHT = 48;

/** The percentage of time over the last samples, as an area. */
function chart() {
  return svg('svg', {class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img'},
    svg('line', {class: 'grid', x1: 0, x2: WIDTH, y1: HEIGHT / 2, y2: HEIGHT / 2}),
    svg('path', {class: 'area'}), svg('path', {class: 'line'}));
}

function updateChart(element, points) {
  const step = WIDTH / 119;
  const start = WIDTH - (points.length - 1) * step;
  const line = points
    .map((point, i) => `${i === 0 ? 'M' : 'L'}${(start + i * step).toFixed(1)} ${(HEIGHT - 1 - point.utilisation * (HEIGHT - 2)).toFixed(1)}`)
    .join('');
  const now = points.length === 0 ? 0 : points.at(-1).utilisation;
  const most = Math.max(0, ...points.map((point) => point.utilisation));
  element.querySelector('.line').setAttribute('d', line);
  element.querySelector('.area').setAttribute('d', line === '' ? '' : `${line}L${WIDTH} ${HEIGHT}L${start.toFixed(1)} ${HEIGHT}Z`);
  element.setAttribute('aria-label', `utilisation: ${percent(now)} now, at most ${percent(most)} in the last ${plural(points.length, 'sample')}`);
}

function percent(part) {
  return `${Math.round(part * 100)} %`;
}

/** Turns by length over the last samples; heights are logarithmic, since long turns are few. */
function histogram() {
  return el('ol', {class: 'histogram'}, ...LIMITS.map((limit, i) =>
    el('li', {class: i >= 6 ? 'long' : i >= 4 ? 'medium' : ''},
      el('span', {class: 'column'}), el('span', {class: 'limit'}, limit.replace(' ', '\n')))));
}

function updateHistogram(element, points) {
  const last = points.at(-1);
  const first = points.at(Math.max(0, points.length - RECENT));
  const counts = LIMITS.map((_, i) => (last ? last.counts[i] - (last === first ? 0 : first.counts[i]) : 0));
  const most = Math.log1p(Math.max(1, ...counts));
  [...element.children].forEach((item, i) => {
    item.firstElementChild.style.height = `${(100 * Math.log1p(counts[i])) / most}%`;
    const range = i === LIMITS.length - 1 ? 'of 1 s and more' : `below ${LIMITS[i]}`;
    item.title = `${plural(counts[i], 'turn')} ${range}`;
    item.setAttribute('aria-label', item.title);
  });
}

function fact(name) {
  return el('div', {}, el('dt', {}, name), el('dd', {'data-fact': name}));
}

function lane(loop) {
  return el('article', {class: 'lane', 'aria-label': `loop ${loop.name}`},
    el('div', {class: 'lane-head'}, el('h3', {}, loop.name), el('span', {class: 'badge'}), el('p', {class: 'quiet backend'})),
    el('figure', {class: 'utilisation'}, el('figcaption', {}, 'Utilisation ', el('strong', {})), chart()),
    el('figure', {}, el('figcaption', {}, 'Turns by length, last minute'), histogram()),
    el('dl', {class: 'facts'}, ...['coroutines', 'ready', 'timers', 'in flight', 'turns', 'longest turn'].map(fact)),
    el('pre', {class: 'stack', tabindex: '0', hidden: true}));
}

function updateLane(element, loop) {
  const points = model.history.get(loop.name) ?? [];
  const facts = {
    coroutines: count(loop.coroutines),
    ready: count(loop.ready),
    timers: loop.timers === 0 ? '0' : `${count(loop.timers)}, next in ${time(loop.nextTimer)}`,
    'in flight': count(loop.inFlight),
    turns: count(loop.turns),
    'longest turn': loop.turnTimes === null ? 'not measured' : shortTime(loop.turnTimes.longest),
  };
  for (const dd of element.querySelectorAll('dd')) {
    text(dd, facts[dd.dataset.fact]);
  }
  const badge = element.querySelector('.badge');
  text(badge, loop.answered ? (loop.closing ? 'closing' : 'answers') : 'does not answer');
  badge.dataset.level = loop.answered ? 'good' : 'bad';
  const backend = element.querySelector('.backend');
  text(backend, loop.backend === null ? 'no I/O yet' : loop.backend.split(' (')[0]);
  backend.title = loop.backend ?? '';
  text(element.querySelector('strong'), points.length === 0 ? 'not measured' : percent(points.at(-1).utilisation));
  updateChart(element.querySelector('.chart'), points);
  updateHistogram(element.querySelector('.histogram'), points);
  const stack = element.querySelector('.stack');
  stack.hidden = loop.stack.length === 0;
  text(stack, loop.stack.map((frame) => `at ${frame}`).join('\n'));
}

function offload(pool) {
  return pool === null
    ? el('p', {class: 'quiet'}, 'The pool of GoAsync.offload has not been used.')
    : el('dl', {class: 'facts'},
      ...[['busy', pool.busy], ['idle', pool.threads - pool.busy], ['queued', pool.queued], ['most threads', pool.maxThreads]]
        .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, count(value)))));
}

export function loopsView(content) {
  const lanes = el('div', {class: 'lanes'});
  const pool = el('div', {});
  const threads = el('div', {});
  content.append(
    heading('Loops', 'Utilisation is the part of the time in which a loop ran coroutines, callbacks and timers. A turn delays everything else on its loop; heights are logarithmic.'),
    lanes, heading('Offload pool'), pool, threads);
  return (sample) => {
    keyed(lanes, sample.dump.loops, (loop) => loop.name, lane, updateLane);
    pool.replaceChildren(offload(sample.dump.offload));
    const waiting = sample.dump.threads;
    threads.replaceChildren(...(waiting.length === 0 ? [] : [heading('Threads that wait for coroutines'),
      table('Threads that wait for coroutines', [{name: 'thread'}, {name: 'loop'}, {name: 'at', code: true}],
        waiting.map((thread) => [thread.name, thread.loop ?? 'several', place(thread.place)]))]));
  };
}
