// Code that has kept a loop from running anything else: a flame graph of the stacks, and a table.

import {el, heading, keyed, nothing, table, text} from './dom.js';
import {count, place, time} from './format.js';

/** The frames below a coroutine's body and a thread's start say nothing about the program. */
function isOfRuntime(frame) {
  return /^(java\.base\/)?(jdk\.internal\.vm|java\.lang\.(VirtualThread|Thread)\b|jdk\.internal\.misc)|^dev\.goasync\.(internal\.|[A-Z])/.test(frame);
}

function outermostFirst(stack) {
  const frames = [...stack].reverse();
  const first = frames.findIndex((frame) => !isOfRuntime(frame));
  return first < 0 ? frames : frames.slice(first);
}

/** Merges stacks into a tree; a node's weight is the sum of the stalls that go through it. */
function merge(stalls) {
  const root = {name: 'all stalls', weight: 0, children: new Map()};
  for (const stall of stalls) {
    root.weight += stall.total;
    let node = root;
    for (const frame of stall.stack.length === 0 ? [stall.place] : outermostFirst(stall.stack)) {
      let child = node.children.get(frame);
      if (child === undefined) {
        child = {name: frame, weight: 0, children: new Map()};
        node.children.set(frame, child);
      }
      child.weight += stall.total;
      node = child;
    }
  }
  return root;
}

/** Frames with their place in the picture, in parts of the width. */
function layout(node, left, depth, total, frames, path) {
  const key = `${path}>${node.name}`;
  frames.push({key, name: node.name, weight: node.weight, left: left / total, width: node.weight / total, depth});
  let next = left;
  for (const child of [...node.children.values()].sort((a, b) => b.weight - a.weight)) {
    layout(child, next, depth + 1, total, frames, key);
    next += child.weight;
  }
  return frames;
}

export function stallsView(content) {
  const now = el('div', {});
  const picture = el('div', {class: 'flame', role: 'group', 'aria-label': 'Flame graph of stalls'});
  const chosen = el('p', {class: 'code', role: 'status'});
  const listed = el('div', {});
  content.append(heading('Stalls', 'Turns that were too long, by the stack that was seen in them. The width is the sum of their times; callers are above.'),
    now, picture, chosen, listed);
  const frameElement = (frame) => el('button', {type: 'button', class: 'frame', onclick: (event) => {
    text(chosen, event.currentTarget.title);
  }});
  return (sample) => {
    const stuck = sample.dump.loops.filter((loop) => !loop.answered);
    keyed(now, stuck, (loop) => loop.name,
      (loop) => el('div', {class: 'alert'}, el('strong', {}, `Loop ${loop.name} does not answer now`), el('pre', {class: 'stack', tabindex: '0'})),
      (element, loop) => text(element.lastElementChild, loop.stack.map((frame) => `at ${frame}`).join('\n')));
    const stalls = sample.dump.stalls;
    picture.hidden = stalls.length === 0;
    if (stalls.length === 0) {
      listed.replaceChildren(nothing('No turn was too long so far.'));
      return;
    }
    const root = merge(stalls);
    const frames = layout(root, 0, 0, root.weight || 1, [], '');
    picture.style.setProperty('--rows', Math.max(...frames.map((frame) => frame.depth)) + 1);
    keyed(picture, frames, (frame) => frame.key, frameElement, (element, frame) => {
      element.style.left = `${frame.left * 100}%`;
      element.style.width = `${frame.width * 100}%`;
      element.style.setProperty('--row', frame.depth);
      element.dataset.shade = String(frame.depth % 4);
      element.title = `${frame.name}: ${time(frame.weight)}`;
      text(element, place(frame.name));
    });
    listed.replaceChildren(table('Stalls by place',
      [{name: 'total', number: true}, {name: 'longest', number: true}, {name: 'times', number: true}, {name: 'at', code: true}],
      stalls.map((stall) => [time(stall.total), time(stall.longest), count(stall.count), place(stall.place)])));
  };
}
