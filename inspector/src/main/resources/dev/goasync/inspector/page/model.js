// The samples: the newest, the one that is shown, the marked one, and what is derived from several.

const HISTORY = 120;

export const model = {
  latest: null,
  shown: null,
  marked: null,
  paused: false,
  connected: false,
  /** For each loop the last samples of its turns, oldest first. */
  history: new Map(),
  /** For each place the number of open resources when it was first seen. */
  firstOpen: new Map(),
};

/** Takes a sample of the server. */
export function receive(sample) {
  sample.tasks = new Map();
  for (const loop of sample.dump.loops) {
    remember(loop);
    for (const task of loop.tasks) {
      task.loop = loop.name;
      [task.age, task.waiting] = sample.ages[task.id] ?? [0, 0];
      sample.tasks.set(task.id, task);
    }
  }
  for (const open of sample.dump.open) {
    if (!model.firstOpen.has(open.place)) {
      model.firstOpen.set(open.place, open.count);
    }
  }
  model.latest = sample;
  if (!model.paused) {
    model.shown = sample;
  }
}

function remember(loop) {
  let points = model.history.get(loop.name);
  if (points === undefined) {
    points = [];
    model.history.set(loop.name, points);
  }
  const turns = loop.turnTimes;
  if (turns === null) {
    return;
  }
  const last = points.at(-1);
  const measured = last ? turns.measured - last.measured : turns.measured;
  if (measured < 0) {
    points.length = 0; // another loop of the same name
  } else if (measured === 0) {
    return;
  }
  const busy = last && measured > 0 ? (turns.busy - last.busy) / measured : 0;
  points.push({...turns, utilisation: loop.answered ? Math.min(1, Math.max(0, busy)) : 1});
  if (points.length > HISTORY) {
    points.shift();
  }
}

export function setPaused(paused) {
  model.paused = paused;
  if (!paused) {
    model.shown = model.latest;
  }
}

/** The tasks of all loops that are listed one by one. */
export function allTasks(sample) {
  return [...sample.tasks.values()];
}

/** The start site and wait of a group, as a key. */
export function groupKey(group) {
  return `${group.start ?? '?'} | ${group.state} | ${group.waitsFor ?? ''}`;
}

/** The groups of all loops by key, with counts. */
export function allGroups(sample) {
  const groups = new Map();
  for (const loop of sample.dump.loops) {
    for (const group of loop.groups) {
      const key = groupKey(group);
      const known = groups.get(key);
      groups.set(key, {...group, key, count: group.count + (known?.count ?? 0)});
    }
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
