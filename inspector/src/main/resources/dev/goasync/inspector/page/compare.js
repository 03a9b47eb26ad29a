// Two moments: what has started, what has ended, what still waits for the same.

import {el, heading, nothing, table} from './dom.js';
import {activity, count, place, plural, state, time, title} from './format.js';
import {allGroups, allTasks, model} from './model.js';

const MOST = 100;

function waitOf(task) {
  return task.waitsFor === null ? task.state : `${task.waitsFor.what} ${task.waitsFor.descriptor}`;
}

function list(name, explanation, tasks, value) {
  return [heading(`${name}: ${count(tasks.length)}`, explanation),
    tasks.length === 0 ? null : table(name, [{name: 'task'}, {name: 'started at', code: true}, {name: 'what it does'}, {name: 'loop'}],
      tasks.slice(0, MOST).map((task) => [title(task), place(task.start), value(task), task.loop])),
    tasks.length > MOST ? el('p', {class: 'quiet'}, `${plural(tasks.length - MOST, 'further task')} not listed`) : null];
}

function groupsOf(before, now) {
  const old = new Map(allGroups(before).map((group) => [group.key, group]));
  const rows = allGroups(now).map((group) => {
    const known = old.get(group.key);
    old.delete(group.key);
    return {...group, before: known?.count ?? 0};
  });
  old.forEach((group) => rows.push({...group, before: group.count, count: 0}));
  return rows.filter((group) => group.count !== group.before).sort((a, b) => b.count - b.before - (a.count - a.before));
}

function difference(number) {
  return el('span', {class: number > 0 ? 'worse' : ''}, number > 0 ? `+${count(number)}` : `−${count(-number)}`);
}

function compare(before, now) {
  const tasks = allTasks(now);
  const kept = tasks.filter((task) => before.tasks.has(task.id));
  const waits = kept.filter((task) => task.waitsFor !== null && waitOf(before.tasks.get(task.id)) === waitOf(task));
  const groups = groupsOf(before, now);
  const seconds = (new Date(now.dump.time) - new Date(before.dump.time)) / 1000;
  return [
    el('p', {}, `From ${new Date(before.dump.time).toLocaleTimeString('en-GB')} to ${new Date(now.dump.time).toLocaleTimeString('en-GB')}: ${time(seconds)}.`),
    heading('Groups that grew or shrank', 'All tasks by the place of their start and by what they wait for.'),
    groups.length === 0 ? nothing('Every group has the same size.')
      : table('Groups', [{name: 'change', number: true}, {name: 'then', number: true}, {name: 'now', number: true}, {name: 'started at', code: true}, {name: 'what they do'}],
        groups.slice(0, MOST).map((group) => [difference(group.count - group.before), count(group.before), count(group.count), place(group.start),
          group.waitsFor === null ? state(group.state) : `wait for ${group.waitsFor}`])),
    ...list('Started', 'Tasks that were not there then.', tasks.filter((task) => !before.tasks.has(task.id)), activity),
    ...list('Ended', 'Tasks that are gone, with what they did then.', allTasks(before).filter((task) => !now.tasks.has(task.id)), activity),
    ...list('Still waiting', 'Tasks that waited for the same at both moments.', waits, activity),
  ].filter((part) => part !== null);
}

export function compareView(content) {
  const body = el('div', {});
  content.append(heading('Compare', 'Mark a moment, then see what has changed since. Pause to compare with a fixed second moment.'), body);
  return (sample) => {
    if (model.marked === null) {
      body.replaceChildren(nothing('No moment is marked yet. The button "Mark this moment" is at the top.'));
    } else if (model.marked === sample) {
      body.replaceChildren(el('p', {}, `Marked ${new Date(sample.dump.time).toLocaleTimeString('en-GB')}. The comparison begins with the next sample.`));
    } else {
      body.replaceChildren(...compare(model.marked, sample));
    }
  };
}
