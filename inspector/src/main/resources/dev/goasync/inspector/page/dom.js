// Builds and updates elements. Text is only ever set as text, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

function apply(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An HTML element; children are elements or texts. */
export function el(tag, properties = {}, ...children) {
  return apply(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function svg(tag, properties = {}, ...children) {
  return apply(document.createElementNS(SVG, tag), properties, children);
}

/** Sets a text if it differs, so that a selection and a screen reader are not disturbed. */
export function text(element, value) {
  if (element.textContent !== value) {
    element.textContent = value;
  }
}

/**
 * Makes the children of a container correspond to items, in their order. The element of a key stays, and with it
 * the focus.
 */
export function keyed(container, items, keyOf, create, update) {
  const before = new Map();
  for (const child of [...container.children]) {
    before.set(child.dataset.key, child);
  }
  let previous = null;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = before.get(key);
    if (child === undefined) {
      child = create(item);
      child.dataset.key = key;
    }
    before.delete(key);
    update?.(child, item);
    const place = previous === null ? container.firstElementChild : previous.nextElementSibling;
    if (place !== child) {
      container.insertBefore(child, place);
    }
    previous = child;
  }
  before.forEach((child) => child.remove());
}

/** A table with a caption for screen readers; rows are arrays of texts or elements. */
export function table(caption, columns, rows) {
  return el('div', {class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption},
    el('table', {},
      el('caption', {class: 'hidden'}, caption),
      el('thead', {}, el('tr', {}, ...columns.map((column) =>
        el('th', {scope: 'col', class: column.number ? 'number' : ''}, column.name)))),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((cell, i) =>
        el('td', {class: columns[i].number ? 'number' : columns[i].code ? 'code' : ''}, cell)))))));
}

/** A heading with a paragraph that explains what is below. */
export function heading(title, explanation) {
  return el('div', {class: 'heading'}, el('h2', {}, title), explanation ? el('p', {}, explanation) : null);
}

/** What a view shows when there is nothing. */
export function nothing(sentence) {
  return el('p', {class: 'nothing'}, sentence);
}
