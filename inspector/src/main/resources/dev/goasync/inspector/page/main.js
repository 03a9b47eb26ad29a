// Connects to the server, and shows one view at a time.

import {compareView} from './compare.js';
import {keyed, el, text} from './dom.js';
import {count, places, plural} from './format.js';
import {loopsView} from './loops.js';
import {model, receive, setPaused} from './model.js';
import {resourcesView} from './resources.js';
import {stallsView} from './stalls.js';
import {showTasks, tasksView, timersView} from './tasks.js';
import {waitsView} from './waits.js';

const VIEWS = {
  loops: loopsView,
  tasks: tasksView,
  waits: waitsView,
  timers: timersView,
  resources: resourcesView,
  stalls: stallsView,
  compare: compareView,
};

const byId = (id) => document.getElementById(id);
let current = null;
let update = null;
let allFindings = false;

/** How many findings are shown at first: the page is about more than these. */
const FEW = 3;

function render() {
  const sample = model.shown;
  showStatus();
  if (sample === null) {
    return;
  }
  showFindings(sample.dump.findings);
  text(byId('library'), sample.dump.library.split('\n').join(' · '));
  const view = VIEWS[location.hash.slice(1)] ?? loopsView;
  if (view !== current) {
    current = view;
    const content = byId('content');
    content.replaceChildren();
    update = view(content);
    for (const link of document.querySelectorAll('nav a')) {
      const isCurrent = (VIEWS[link.hash.slice(1)] ?? null) === view;
      link.toggleAttribute('aria-current', isCurrent);
      if (isCurrent) {
        link.setAttribute('aria-current', 'page');
      }
    }
  }
  update(sample);
}

function showStatus() {
  const status = byId('status');
  const moment = model.shown === null ? '' : new Date(model.shown.dump.time).toLocaleTimeString('en-GB');
  status.dataset.state = model.paused ? 'paused' : model.connected ? 'live' : 'lost';
  if (model.paused) {
    text(status, `Paused at ${moment}`);
  } else if (model.connected) {
    text(status, 'Live');
  } else {
    text(status, model.shown === null ? 'Connecting' : `No connection since ${moment}`);
  }
}

/** A scope waits for its tasks by design, so that stands last. */
function isOfScope(finding) {
  return finding.includes(' the tasks of a scope and need');
}

function showFindings(all) {
  const sorted = [...all.filter((each) => !isOfScope(each)), ...all.filter(isOfScope)];
  const findings = allFindings ? sorted : sorted.slice(0, FEW);
  const more = byId('findings-more');
  more.hidden = sorted.length <= FEW;
  more.setAttribute('aria-expanded', String(allFindings));
  text(more, allFindings ? 'Show fewer' : `Show ${count(sorted.length - FEW)} more`);
  byId('findings').hidden = all.length === 0;
  text(byId('findings-title'), plural(all.length, 'finding'));
  keyed(byId('findings-list'), findings, (finding) => finding,
    (finding) => el('li', {}, el('button', {type: 'button', class: 'finding', onclick: () => open(finding)}, places(finding))));
}

/** Shows what a finding is about. */
function open(finding) {
  if (finding.startsWith('loop ')) {
    location.hash = 'loops';
    return;
  }
  const name = /task ("([^"]*)"|#(\d+))/.exec(finding);
  if (finding.includes(' waits: ') || finding.includes(' and need')) {
    location.hash = 'waits';
  } else {
    showTasks(name === null ? '' : name[2] ?? name[3]);
  }
}

function connect() {
  const events = new EventSource('events');
  events.addEventListener('open', () => {
    model.connected = true;
    showStatus();
  });
  events.addEventListener('message', (event) => {
    model.connected = true;
    receive(JSON.parse(event.data));
    if (!model.paused) {
      render();
    }
  });
  events.addEventListener('error', () => {
    model.connected = false;
    showStatus();
  });
}

byId('pause').addEventListener('click', (event) => {
  setPaused(!model.paused);
  event.currentTarget.setAttribute('aria-pressed', String(model.paused));
  render();
});
byId('findings-more').addEventListener('click', () => {
  allFindings = !allFindings;
  render();
});
byId('mark').addEventListener('click', () => {
  model.marked = model.shown;
  if (location.hash === '#compare') {
    render();
  } else {
    location.hash = 'compare';
  }
});
window.addEventListener('hashchange', render);
// The token is in a cookie now; it need not stay in the address bar and the history.
history.replaceState(null, '', location.pathname + location.hash);
connect();
