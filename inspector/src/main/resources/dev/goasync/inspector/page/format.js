// Texts for numbers, times and places.

/** A time in seconds, such as "850 ms", "2.5 s" or "3 min 20 s". */
export function time(seconds) {
  if (seconds === null || seconds === undefined) {
    return '';
  }
  if (seconds < 1) {
    return `${Math.round(seconds * 1000)} ms`;
  }
  if (seconds < 100) {
    return `${seconds.toFixed(1)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 100 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A time so short that milliseconds are too coarse. */
export function shortTime(seconds) {
  return seconds < 0.001 ? `${Math.round(seconds * 1e6)} us` : seconds < 0.1 ? `${(seconds * 1000).toFixed(1)} ms` : time(seconds);
}

/** A number with thin groups of three digits. */
export function count(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

const FRAME = /(?:[\w.@-]+\/)?\b(?:[a-z_]\w*\.)*([A-Z][\w$]*)\.([\w$<>]+)\(([^():]+)(?::(\d+))?\)/g;

/** The outermost class names the file, so the file needs no mention; a lambda is named after its method. */
function shortFrame(frame, type, method, file, line) {
  const name = method.replace(/lambda\$(.+)\$\d+/, '$1');
  return line !== undefined && `${type.split('$')[0]}.java` === file ? `${type}.${name}:${line}` : `${type}.${name}(${file}${line ? `:${line}` : ''})`;
}

/** A sentence with its frames in short form: "at Main.work:4". */
export function places(sentence) {
  return sentence.replace(FRAME, shortFrame);
}

/** A frame in short form. */
export function place(frame) {
  return frame ? places(frame) : '';
}

const STATES = {
  STARTING: 'has not begun',
  RUNNING: 'runs',
  READY: 'is ready to run',
  WAITING: 'waits',
  WAITING_IN_JDK: 'waits inside the JDK',
};

export function state(name) {
  return STATES[name] ?? name;
}

/** The name of a task, or its number. */
export function title(task) {
  return task.name ?? `task ${task.id}`;
}

/** What a task does, as a phrase. */
export function activity(task) {
  const wait = task.waitsFor;
  if (wait === null) {
    return state(task.state);
  }
  let phrase = `waits for ${wait.what}`;
  if (wait.left !== null) {
    phrase += `, ${time(wait.left)} left`;
  }
  if (wait.bytes >= 0) {
    phrase += `, ${plural(wait.bytes, 'byte')}`;
  }
  if (wait.descriptor >= 0) {
    phrase += `, descriptor ${wait.descriptor}`;
  }
  if (wait.thread !== null) {
    phrase += `, on thread ${wait.thread}${wait.threadPlace ? ` at ${wait.threadPlace}` : ''}`;
  }
  return places(phrase);
}
