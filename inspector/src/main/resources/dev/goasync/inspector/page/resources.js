// Open descriptors by kind, and open resources by the line that opened them.

import {el, heading, nothing, table} from './dom.js';
import {count, place, plural, time} from './format.js';
import {model} from './model.js';

function growth(open) {
  const more = open.count - (model.firstOpen.get(open.place) ?? open.count);
  return more === 0 ? '' : el('span', {class: more > 0 ? 'worse' : ''}, `${more > 0 ? '+' : '−'}${count(Math.abs(more))}`);
}

function opened(list) {
  return list.length === 0
    ? nothing('Nothing is recorded. Start the program with -Dgoasync.trace=true to see the line that opened each file, socket and pipe.')
    : table('Open resources by place', [{name: 'open', number: true}, {name: 'since begin', number: true}, {name: 'opened at', code: true}, {name: 'examples', code: true}],
      list.map((open) => [count(open.count), growth(open), place(open.place), open.examples.join(', ')]));
}

function users(sample) {
  const byNumber = new Map();
  for (const task of sample.tasks.values()) {
    const number = task.waitsFor?.descriptor ?? -1;
    if (number >= 0) {
      byNumber.set(number, [...(byNumber.get(number) ?? []), task.name ?? `#${task.id}`]);
    }
  }
  return byNumber;
}

export function resourcesView(content) {
  const places = el('div', {});
  const kinds = el('dl', {class: 'facts'});
  const listed = el('div', {});
  content.append(heading('Open files, sockets and pipes', 'By the line that opened them. A number that only grows is a leak.'), places,
    heading('Descriptors', 'Of the whole process, with the tasks that wait for them. Times are since the page began to look.'), kinds, listed);
  return (sample) => {
    places.replaceChildren(opened(sample.dump.open));
    const descriptors = sample.descriptors;
    if (descriptors === null) {
      kinds.replaceChildren();
      listed.replaceChildren(nothing('This system has no /proc, from which descriptors are read.'));
      return;
    }
    kinds.replaceChildren(...Object.entries(descriptors.counts).map(([kind, number]) =>
      el('div', {}, el('dt', {}, kind), el('dd', {}, count(number)))));
    const waiting = users(sample);
    const total = Object.values(descriptors.counts).reduce((sum, number) => sum + number, 0);
    listed.replaceChildren(
      table('Descriptors', [{name: 'number', number: true}, {name: 'kind'}, {name: 'target', code: true}, {name: 'waiting task'}, {name: 'seen for', number: true}],
        descriptors.listed.map((each) => [String(each.number), each.kind, each.target, (waiting.get(each.number) ?? []).slice(0, 3).join(', '), time(each.age)])),
      descriptors.listed.length < total ? el('p', {class: 'quiet'}, `${plural(total - descriptors.listed.length, 'further descriptor')} not listed`) : '');
  };
}
