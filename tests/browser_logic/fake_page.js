// As much of a page as the wall and the clock need: elements with data, found by data attribute or class.
import { replaceGlobals } from "./fakes.js";

const toAttribute = (name) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export class FakeElement {
  children = [];
  parentElement = null;
  hidden = false;
  textContent = "";
  classes = new Set();

  constructor(data = {}, children = []) {
    this.dataset = { ...data };
    this.classList = { add: (name) => this.classes.add(name), remove: (name) => this.classes.delete(name) };
    this.append(...children);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }

  get childElementCount() {
    return this.children.length;
  }

  append(...elements) {
    for (const element of elements) this.insertBefore(element, null);
  }

  prepend(...elements) {
    for (const element of elements.reverse()) this.insertBefore(element, this.firstElementChild);
  }

  insertBefore(element, next) {
    element.remove();
    element.parentElement = this;
    const index = next ? this.children.indexOf(next) : this.children.length;
    this.children.splice(index, 0, element);
  }

  remove() {
    if (!this.parentElement) return;
    const siblings = this.parentElement.children;
    siblings.splice(siblings.indexOf(this), 1);
    this.parentElement = null;
  }

  cloneNode(deep) {
    const data = Object.fromEntries(Object.entries(this.dataset));
    return new FakeElement(data, deep ? this.children.map((child) => child.cloneNode(true)) : []);
  }

  contains(other) {
    for (let element = other; element; element = element.parentElement) if (element === this) return true;
    return false;
  }

  focus() {
    document.activeElement = this;
  }

  /** Understands [data-name] and [data-name=value]. */
  matches(selector) {
    const [, attribute, value] = /^\[([\w-]+)(?:=(.+))?\]$/.exec(selector);
    const name = Object.keys(this.dataset).find((each) => toAttribute(each) === attribute);
    return name !== undefined && (value === undefined || this.dataset[name] === value);
  }

  closest(selector) {
    if (this.matches(selector)) return this;
    return this.parentElement?.closest(selector) ?? null;
  }

  querySelectorAll(selector) {
    return this.children.flatMap((child) => [
      ...(child.matches(selector) ? [child] : []),
      ...child.querySelectorAll(selector),
    ]);
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }
}

/** Make a document with these templates, by their ids, until the test *t* has ended. */
export function installDocument(t, templates = {}) {
  const document = Object.assign(new EventTarget(), {
    activeElement: null,
    getElementById: (id) => ({ content: { firstElementChild: templates[id] } }),
  });
  replaceGlobals(t, { document });
  return document;
}
