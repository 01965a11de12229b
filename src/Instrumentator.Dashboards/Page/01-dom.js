// Small helpers over the DOM. Text is only ever set as text, never as markup.

const byId = id => document.getElementById(id);

/** Creates an HTML element with attributes and children (nodes or texts). */
function element(tag, attributes = {}, ...children) {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

/** Creates an SVG element with attributes and children. */
function vector(tag, attributes = {}, ...children) {
  const created = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.append(...children);
  return created;
}

const shownTexts = new WeakMap();

/** Sets the text of a node, unless it has that text already: selections in it survive. */
function setText(node, text) {
  if (shownTexts.get(node) === text) return;
  shownTexts.set(node, text);
  node.textContent = text;
}

/** Sets an attribute if it changes; null removes it. */
function setAttribute(node, name, value) {
  if (value === null) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

function setHidden(node, hidden) {
  if (node.hidden !== hidden) node.hidden = hidden;
}

/** Sets a CSS property from script, which a strict policy allows, as opposed to style attributes. */
function setStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

/** Makes `nodes` the children of `parent`, in this order, and moves only those that are elsewhere. */
function setChildren(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let next = parent.firstChild;
  for (const node of nodes) {
    if (node === next) next = next.nextSibling;
    else parent.insertBefore(node, next);
  }
}

/** A map that creates the value of a key that it does not have, and forgets keys that are no longer used. */
class Keyed {
  #create;
  #items = new Map();

  constructor(create) {
    this.#create = create;
  }

  get(key) {
    if (!this.#items.has(key)) this.#items.set(key, this.#create(key));
    return this.#items.get(key);
  }

  keep(keys) {
    const wanted = new Set(keys);
    for (const key of [...this.#items.keys()]) if (!wanted.has(key)) this.#items.delete(key);
  }
}

/** Reads a setting of the viewer; storage may be forbidden. */
function readSetting(name) {
  try {
    return localStorage.getItem("instrumentator." + name);
  } catch {
    return null;
  }
}

function writeSetting(name, value) {
  try {
    localStorage.setItem("instrumentator." + name, value);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}
