// The tree of tasks with search and filters, the groups, the details of a task, and timers.

import {el, heading, keyed, nothing, table, text} from './dom.js';
import {activity, count, place, plural, state, time, title} from './format.js';
import {allGroups, allTasks, model} from './model.js';

const PAGE = 200;

/** Kept while other views are shown. */
const filter = {search: '', loop: '', state: '', order: 'tree', limit: PAGE};

let onFilter = null;

/** Opens the view with a search. */
export function showTasks(search) {
  Object.assign(filter, {search, loop: '', state: '', order: 'tree', limit: PAGE});
  onFilter?.();
  location.hash = 'tasks';
}

function textOf(task) {
  return `${task.id} ${task.name ?? ''} ${task.start ?? ''} ${task.waitsFor?.what ?? ''} ${task.place ?? ''}`.toLowerCase();
}

function matches(task) {
  return (filter.loop === '' || task.loop === filter.loop)
    && (filter.state === '' || task.state === filter.state)
    && filter.search.toLowerCase().split(/\s+/).every((word) => textOf(task).includes(word));
}

/** Tasks below the coroutines that run their scopes, with depths; ancestors of a match stay. */
function inTree(tasks) {
  const children = new Map();
  const listed = new Map(tasks.map((task) => [task.id, task]));
  const kept = new Set();
  for (const task of tasks) {
    const parent = listed.has(task.parent) ? task.parent : 0;
    children.set(parent, [...(children.get(parent) ?? []), task]);
    if (matches(task)) {
      for (let id = task.id; listed.has(id) && !kept.has(id); id = listed.get(id).parent) {
        kept.add(id);
      }
    }
  }
  const rows = [];
  const visit = (id, depth) => {
    for (const task of children.get(id) ?? []) {
      if (kept.has(task.id)) {
        rows.push({task, depth});
        visit(task.id, depth + 1);
      }
    }
  };
  visit(0, 0);
  return rows;
}

function rowsOf(sample) {
  const tasks = allTasks(sample);
  if (filter.order === 'tree') {
    return inTree(tasks);
  }
  return tasks.filter(matches).sort((a, b) => b.waiting - a.waiting).map((task) => ({task, depth: 0}));
}

function row() {
  const button = el('button', {type: 'button', class: 'task', 'aria-expanded': 'false'},
    el('span', {class: 'dot', 'aria-hidden': 'true'}),
    el('span', {class: 'task-title'}), el('span', {class: 'task-start quiet code'}),
    el('span', {class: 'task-activity'}), el('span', {class: 'task-age number quiet'}));
  const item = el('li', {}, button);
  button.addEventListener('click', () => toggle(item, button));
  return item;
}

function updateRow(item, {task, depth}) {
  item.task = task;
  item.style.setProperty('--depth', Math.min(depth, 8));
  item.querySelector('.dot').dataset.state = task.state;
  text(item.querySelector('.task-title'), title(task));
  text(item.querySelector('.task-start'), place(task.start));
  text(item.querySelector('.task-activity'), activity(task));
  text(item.querySelector('.task-age'), time(task.waiting));
  const details = item.querySelector('.details-facts');
  if (details !== null) {
    details.replaceChildren(...facts(task));
  }
}

function facts(task) {
  return [
    ['task', `#${task.id}${task.name === null ? '' : ` "${task.name}"`} on loop ${task.loop}`],
    ['state', task.waitsFor === null ? state(task.state) : activity(task)],
    ['at', task.place],
    ['started at', task.start],
    ['scope of', task.parent === 0 ? null : `#${task.parent}`],
    ['needs', task.waitsFor?.blockers.length ? task.waitsFor.blockers.map((id) => `#${id}`).join(', ') : null],
    ['limited to', task.deadline === null ? null : time(task.deadline)],
    ['cancelled', task.cancel],
    ['shielded', task.shielded ? 'yes, from cancels' : null],
    ['tasks queued', task.queuedBehind === 0 ? null : count(task.queuedBehind)],
    ['seen', `since ${time(task.age)}, in this state since ${time(task.waiting)}`],
  ].filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value)));
}

function toggle(item, button) {
  const open = item.querySelector('.details');
  button.setAttribute('aria-expanded', String(open === null));
  if (open !== null) {
    open.remove();
    return;
  }
  const stack = el('pre', {class: 'stack', tabindex: '0'}, 'Reading the stack');
  item.append(el('div', {class: 'details'}, el('dl', {class: 'details-facts'}, ...facts(item.task)),
    model.shown?.mayCancel ? cancelButton(item.task.id) : null, stack));
  fetch(`task?id=${item.task.id}`)
    .then((response) => response.text())
    .then((content) => text(stack, content.trim() || 'The stack is empty.'))
    .catch(() => text(stack, 'The server does not answer.'));
}

/** The server permits it only if its options do. */
function cancelButton(id) {
  const result = el('span', {role: 'status'});
  const button = el('button', {type: 'button', class: 'cancel', onclick: () => {
    fetch(`cancel?id=${id}`, {method: 'POST'})
      .then((response) => response.text())
      .then((content) => text(result, content.trim()))
      .catch(() => text(result, 'The server does not answer.'));
  }}, 'Cancel this task');
  return el('p', {}, button, ' ', result);
}

function select(label, values, property, onchange) {
  const element = el('select', {onchange: (event) => {
    filter[property] = event.target.value;
    onchange();
  }}, ...values.map(([value, name]) => el('option', {value}, name)));
  element.value = filter[property];
  return el('label', {}, label, element);
}

export function tasksView(content) {
  let last = null;
  const refresh = () => last && update(last);
  const search = el('input', {type: 'search', placeholder: 'name, place, wait or number', oninput: (event) => {
    filter.search = event.target.value;
    filter.limit = PAGE;
    refresh();
  }});
  const loops = el('span', {});
  const summary = el('p', {class: 'quiet', role: 'status'});
  const list = el('ul', {class: 'tasks', 'aria-label': 'Tasks'});
  const more = el('button', {type: 'button', onclick: () => {
    filter.limit += PAGE;
    refresh();
  }}, `Show ${PAGE} more`);
  const groups = el('div', {});
  const states = el('span', {});
  const showFilter = () => {
    search.value = filter.search;
    states.replaceChildren(
      select('State', [['', 'all'], ...['STARTING', 'RUNNING', 'READY', 'WAITING', 'WAITING_IN_JDK'].map((name) => [name, state(name)])], 'state', refresh),
      select('Order', [['tree', 'scopes'], ['wait', 'longest wait first']], 'order', refresh));
    loops.replaceChildren();
  };
  onFilter = () => {
    showFilter();
    refresh();
  };
  showFilter();
  content.append(heading('Tasks', 'A task of a scope stands below the task that runs the scope. Times are since the page began to look.'),
    el('form', {class: 'filters', role: 'search', onsubmit: (event) => event.preventDefault()}, el('label', {class: 'wide'}, 'Search', search), loops, states),
    summary, list, more, heading('Groups', 'All tasks by the place of their start and by what they wait for.'), groups);

  function update(sample) {
    last = sample;
    const names = sample.dump.loops.map((loop) => loop.name);
    if (loops.dataset.names !== names.join() || loops.firstChild === null) {
      loops.dataset.names = names.join();
      loops.replaceChildren(select('Loop', [['', 'all'], ...names.map((name) => [name, name])], 'loop', refresh));
    }
    const rows = rowsOf(sample);
    const total = sample.dump.loops.reduce((sum, loop) => sum + loop.coroutines, 0);
    const listed = sample.tasks.size;
    text(summary, `${plural(rows.length, 'task')} shown of ${count(total)}`
      + (listed < total ? `; ${count(total - listed)} are only in the groups below` : ''));
    keyed(list, rows.slice(0, filter.limit), (each) => each.task.id, row, updateRow);
    more.hidden = rows.length <= filter.limit;
    groups.replaceChildren(table('Groups of tasks',
      [{name: 'tasks', number: true}, {name: 'started at', code: true}, {name: 'what they do'}],
      allGroups(sample).slice(0, 100).map((group) => [count(group.count), place(group.start),
        group.waitsFor === null ? state(group.state) : `wait for ${group.waitsFor}`])));
  }
  return update;
}

export function timersView(content) {
  const body = el('div', {});
  content.append(heading('Timers', 'Tasks that a timer or a time limit will wake, the earliest first.'), body);
  return (sample) => {
    const rows = allTasks(sample)
      .map((task) => ({task, left: Math.min(task.waitsFor?.left ?? Infinity, task.deadline ?? Infinity)}))
      .filter((each) => each.left < Infinity)
      .sort((a, b) => a.left - b.left)
      .slice(0, PAGE)
      .map(({task, left}) => [time(left), task.deadline === left ? 'time limit' : 'timer', title(task), task.loop, place(task.place ?? task.start)]);
    body.replaceChildren(rows.length === 0 ? nothing('No listed task waits for a timer.')
      : table('Timers', [{name: 'in', number: true}, {name: 'kind'}, {name: 'task'}, {name: 'loop'}, {name: 'at', code: true}], rows));
  };
}
