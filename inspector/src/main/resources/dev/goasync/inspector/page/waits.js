// The wait-for graph: which task needs which other task to proceed.

import {el, heading, nothing, svg, table} from './dom.js';
import {activity, place, plural, time, title} from './format.js';
import {allTasks} from './model.js';
import {showTasks} from './tasks.js';

const MAX_NODES = 80;
const BOX = {width: 250, height: 58, gapX: 64, gapY: 16};

/** Room above the boxes for the arrows that close a cycle. */
const ABOVE = 36;

/** One node for each task that others need, and one for all equal waiters of the same tasks. */
function nodesOf(sample) {
  const tasks = allTasks(sample);
  const needed = new Set(tasks.flatMap((task) => task.waitsFor?.blockers ?? []));
  const nodes = new Map();
  for (const task of tasks) {
    const needs = (task.waitsFor?.blockers ?? []).filter((id) => sample.tasks.has(id));
    if (needs.length === 0 && !needed.has(task.id)) {
      continue;
    }
    const alone = needed.has(task.id);
    const key = alone ? `task ${task.id}` : `${needs.join()} ${task.waitsFor.kind} ${task.start}`;
    const known = nodes.get(key);
    if (known === undefined) {
      nodes.set(key, {key, id: alone ? task.id : null, tasks: [task], needs, level: 0});
    } else {
      known.tasks.push(task);
    }
  }
  return [...nodes.values()];
}

/** Sets the level of each node, the number of steps to a task that needs no other, and marks cycles. */
function setLevels(nodes) {
  const byId = new Map(nodes.filter((node) => node.id !== null).map((node) => [node.id, node]));
  const path = [];
  const done = new Set();
  const visit = (node) => {
    const at = path.indexOf(node);
    if (at >= 0) {
      path.slice(at).forEach((each) => {
        each.inCycle = true;
      });
      return;
    }
    if (done.has(node)) {
      return;
    }
    path.push(node);
    for (const id of node.needs) {
      const next = byId.get(id);
      if (next !== undefined) {
        visit(next);
        node.level = Math.max(node.level, next.level + 1);
      }
    }
    path.pop();
    done.add(node);
  };
  nodes.forEach(visit);
  return byId;
}

/** Splits the nodes into parts that have no edge between them, the largest first. */
function parts(nodes, byId) {
  const partOf = new Map(nodes.map((node) => [node, new Set([node])]));
  for (const node of nodes) {
    for (const id of node.needs) {
      const next = byId.get(id);
      if (next !== undefined && partOf.get(next) !== partOf.get(node)) {
        const merged = new Set([...partOf.get(node), ...partOf.get(next)]);
        merged.forEach((each) => partOf.set(each, merged));
      }
    }
  }
  const size = (part) => [...part].reduce((sum, node) => sum + node.tasks.length, 0);
  return [...new Set(partOf.values())].sort((a, b) => size(b) - size(a));
}

function shorten(label, most) {
  return label.length <= most ? label : `${label.slice(0, most - 1)}…`;
}

function box(node) {
  const task = node.tasks[0];
  const many = node.tasks.length > 1;
  const name = many ? plural(node.tasks.length, 'task') : title(task);
  const start = place(task.start);
  const open = () => showTasks(many ? start : task.name ?? String(task.id));
  const group = svg('g', {class: `node${node.inCycle ? ' cycle' : ''}${node.needs.length === 0 ? ' root' : ''}`,
    transform: `translate(${node.x} ${node.y})`, tabindex: '0', role: 'button',
    'aria-label': `${name}, started at ${start}, ${activity(task)}`,
    onclick: open,
    onkeydown: (event) => {
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        open();
      }
    }},
  svg('title', {}, `${name}\nstarted at ${start}\n${activity(task)}`),
  svg('rect', {width: BOX.width, height: BOX.height, rx: 4}),
  svg('text', {x: 10, y: 17, class: 'node-title'}, shorten(name, 34)),
  svg('text', {x: 10, y: 33}, shorten(start || 'unknown start', 40)),
  svg('text', {x: 10, y: 49, class: 'node-wait'}, shorten(activity(task), 40)));
  return group;
}

function edge(from, to) {
  const x1 = from.x + BOX.width;
  const y1 = from.y + BOX.height / 2;
  const x2 = to.x;
  const y2 = to.y + BOX.height / 2;
  const top1 = from.x + BOX.width / 2;
  const top2 = to.x + BOX.width / 2;
  const path = x2 > x1
    ? `M${x1} ${y1}C${x1 + 32} ${y1} ${x2 - 32} ${y2} ${x2 - 2} ${y2}`
    : `M${top1} ${from.y}C${top1} ${from.y - ABOVE} ${top2} ${to.y - ABOVE} ${top2} ${to.y - 2}`;
  return svg('path', {class: from.inCycle && to.inCycle ? 'edge cycle' : 'edge', d: path, 'marker-end': 'url(#arrow)'});
}

function draw(part, byId) {
  const nodes = [...part].slice(0, MAX_NODES);
  const levels = Math.max(...nodes.map((node) => node.level));
  const top = nodes.some((node) => node.inCycle) ? ABOVE : 4;
  const rows = new Map();
  for (const node of nodes.sort((a, b) => Boolean(b.inCycle) - Boolean(a.inCycle) || b.tasks.length - a.tasks.length)) {
    const row = rows.get(node.level) ?? 0;
    rows.set(node.level, row + 1);
    node.x = 4 + (levels - node.level) * (BOX.width + BOX.gapX);
    node.y = top + row * (BOX.height + BOX.gapY);
  }
  const width = 8 + (levels + 1) * BOX.width + levels * BOX.gapX;
  const height = top + Math.max(...rows.values()) * (BOX.height + BOX.gapY);
  const shown = new Set(nodes);
  const edges = nodes.flatMap((node) => node.needs.map((id) => byId.get(id)).filter((to) => shown.has(to)).map((to) => edge(node, to)));
  return svg('svg', {class: 'graph', width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Wait-for graph'},
    svg('defs', {}, svg('marker', {id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto', class: 'arrow'},
      svg('path', {d: 'M0 0L8 4L0 8Z'}))),
    ...edges, ...nodes.map(box));
}

function titleOf(part) {
  const nodes = [...part];
  const tasks = nodes.reduce((sum, node) => sum + node.tasks.length, 0);
  const cycle = nodes.filter((node) => node.inCycle).length;
  if (cycle > 0) {
    return `${plural(cycle, 'task')} in a cycle: none of them can proceed${tasks > cycle ? `, and ${plural(tasks - cycle, 'task')} with them` : ''}`;
  }
  const root = nodes.find((node) => node.needs.length === 0);
  return root === undefined ? plural(tasks, 'task') : `${plural(tasks - 1, 'task')} need ${title(root.tasks[0])}, which ${activity(root.tasks[0])}`;
}

function longest(sample) {
  return table('The longest waits', [{name: 'for', number: true}, {name: 'task'}, {name: 'waits for'}, {name: 'at', code: true}],
    allTasks(sample).filter((task) => task.waitsFor !== null).sort((a, b) => b.waiting - a.waiting).slice(0, 20)
      .map((task) => [time(task.waiting), title(task), activity(task).replace('waits for ', ''), place(task.place)]));
}

export function waitsView(content) {
  const graphs = el('div', {});
  const waits = el('div', {});
  let shown = null;
  content.append(heading('Waits', 'An arrow leads from a task to the task that it needs. Equal waiters are one box; red boxes wait for each other.'),
    graphs, heading('The longest waits', 'Times are since the page began to look.'), waits);
  return (sample) => {
    waits.replaceChildren(longest(sample));
    const nodes = nodesOf(sample);
    const signature = nodes.map((node) => `${node.key} ${node.tasks.length} ${node.needs.join()}`).join('\n');
    if (signature === shown) {
      return; // the focus and the scrolled position stay
    }
    shown = signature;
    const byId = setLevels(nodes);
    graphs.replaceChildren(...(nodes.length === 0
      ? [nothing('No task needs another task now.')]
      : parts(nodes, byId).slice(0, 10).map((part) =>
        el('section', {class: 'graph-part'}, el('h3', {}, titleOf(part)),
          el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Wait-for graph'}, draw(part, byId))))));
  };
}
