'use strict';
(() => {
  const root = document.body.dataset.root;
  const menu = document.getElementById('menu');
  const navigation = document.getElementById('navigation');
  const input = document.getElementById('search');
  const results = document.getElementById('results');

  menu.addEventListener('click', () => {
    const open = navigation.classList.toggle('open');
    menu.setAttribute('aria-expanded', String(open));
  });

  // A section is found if it contains every word; words in its heading and title count more.
  function find(words) {
    const found = [];
    for (const [path, title, heading, text] of window.searchIndex) {
      const head = (title + ' ' + heading).toLowerCase();
      const body = text.toLowerCase();
      let score = 0;
      for (const word of words) {
        const here = (head.includes(word) ? 10 : 0) + (body.includes(word) ? 1 : 0);
        score = here === 0 ? -Infinity : score + here;
      }
      if (score > 0) {
        found.push({path, title, heading, text, score});
      }
    }
    return found.sort((a, b) => b.score - a.score).slice(0, 20);
  }

  function excerpt(text, word) {
    const at = text.toLowerCase().indexOf(word);
    const from = Math.max(0, at - 40);
    return (from > 0 ? '… ' : '') + text.slice(from, from + 120) + (from + 120 < text.length ? ' …' : '');
  }

  function show() {
    const words = input.value.toLowerCase().split(/\s+/).filter(word => word.length > 0);
    results.replaceChildren();
    results.hidden = words.length === 0;
    if (words.length === 0) {
      return;
    }
    for (const hit of find(words)) {
      const link = document.createElement('a');
      link.href = root + hit.path;
      link.textContent = hit.heading === hit.title ? hit.title : hit.title + ' › ' + hit.heading;
      const small = document.createElement('small');
      small.textContent = excerpt(hit.text, words[0]);
      link.append(small);
      const item = document.createElement('li');
      item.append(link);
      results.append(item);
    }
    if (results.children.length === 0) {
      const none = document.createElement('li');
      none.className = 'none';
      none.textContent = 'No section contains these words.';
      results.append(none);
    }
  }

  input.addEventListener('input', show);
  input.addEventListener('focus', show);
  document.addEventListener('keydown', event => {
    if (event.key === '/' && document.activeElement !== input) {
      event.preventDefault();
      input.focus();
    } else if (event.key === 'Escape') {
      results.hidden = true;
      input.blur();
    }
  });
  document.addEventListener('click', event => {
    if (!event.target.closest('.search')) {
      results.hidden = true;
    }
  });
})();
