// The table of handlers: sorted, filtered, updated in place.

const MAX_ROWS = 100;
const REORDER_SECONDS = 3;

const quantileCell = key => ({ value: entry => entry[key]?.estimate ?? -1, text: entry => formatQuantile(entry[key]) });

/** `value` sorts, `text` is shown; the first click on a heading sorts by `first`. */
const COLUMNS = [
  {
    key: "handler",
    title: "Handler",
    first: "ascending",
    value: entry => entry.name + " " + entry.method,
    text: entry => entry.label,
  },
  {
    key: "rate",
    title: "Requests/s",
    unit: "/s",
    value: entry => entry.requests,
    text: entry => (entry.requests ? formatNumber(entry.rate) : "0"),
  },
  { key: "share", title: "Share", value: entry => entry.requests, text: entry => formatShare(entry.share) },
  {
    key: "server",
    title: "5xx",
    long: "Server errors (5xx)",
    value: entry => failureOrder(entry, entry.server),
    text: entry => errorText(entry, entry.server),
  },
  {
    key: "client",
    title: "4xx",
    long: "Client errors (4xx)",
    value: entry => failureOrder(entry, entry.client),
    text: entry => errorText(entry, entry.client),
  },
  {
    key: "mean",
    title: "Mean",
    long: "Mean duration",
    value: entry => numberOrder(entry.mean),
    text: entry => formatSeconds(entry.mean),
  },
  { key: "p50", title: "p50", long: "Half of the requests take at most this", ...quantileCell("p50") },
  { key: "p95", title: "p95", long: "95 % of the requests take at most this", ...quantileCell("p95") },
  { key: "p99", title: "p99", long: "99 % of the requests take at most this", ...quantileCell("p99") },
  {
    key: "progress",
    title: "In progress",
    value: entry => entry.inProgress + entry.open,
    text: entry => formatCount(entry.inProgress),
  },
  {
    key: "size",
    title: "Response",
    long: "Mean response size of the handler, all methods",
    value: entry => numberOrder(entry.size),
    text: entry => formatBytes(entry.size),
  },
  { key: "trend", title: "Trend", long: "Requests, and server errors in red" },
];

const PRESETS = [
  ["Busiest", "rate"],
  ["Slowest", "mean"],
  ["Most failing", "server"],
];

const isNone = (key, entry) => (key === "server" || key === "client" || key === "open") && entry[key] === 0;
const numberOrder = number => (Number.isFinite(number) ? number : -1);
const failureOrder = (entry, errors) => (entry.requests > 0 ? errors / entry.requests + errors * 1e-9 : -1);
const errorText = (entry, errors) => (entry.requests > 0 ? formatShare(errors / entry.requests) : NOTHING);

/** Which columns have something to show. */
function isMeasured(key, metrics) {
  if (key === "server" || key === "client") return metrics.statuses;
  if (key === "progress") return metrics.inProgress !== null && metrics.inProgressByHandler;
  if (key === "size") return metrics.responseSize !== null;
  return !["mean", "p50", "p95", "p99"].includes(key) || metrics.handlerLatency !== null;
}

/** Whether an entry has all words of the filter: parts of handler or method, or `5xx`, `4xx`, `slow`, `open`. */
function matches(entry, words, median) {
  return words.every(word => {
    if (word === "5xx") return entry.server > 0;
    if (word === "4xx") return entry.client > 0;
    if (word === "slow") return isSlow(entry, median);
    if (word === "open") return entry.open > 0;
    return entry.label.toLowerCase().includes(word);
  });
}

/** One row of the table, and its details once they were opened. */
class HandlerRow {
  details = null;
  isNear = false;

  constructor(table, entry) {
    this.method = element("span", { class: "method" }, entry.method ?? "");
    this.name = element("code", {}, entry.name);
    this.button = element(
      "button",
      { type: "button", "aria-expanded": "false", title: entry.label },
      ...(entry.method ? [this.method, " "] : []),
      this.name,
    );
    this.tag = element("span", { class: "tag", title: "Long-lived requests that are open", hidden: "" });
    this.spark = new Sparkline("trend");
    this.cells = COLUMNS.map(({ key }) => element("td", { "data-column": key }));
    this.cells[0] = element(
      "th",
      { "data-column": "handler", scope: "row" },
      element("div", {}, this.button, this.tag),
    );
    this.share = element("span", { class: "share" });
    this.shareText = element("span", { class: "hidden" });
    this.cells[2].append(this.share, this.shareText);
    this.cells.at(-1).append(this.spark.svg);
    this.root = element("tr", {}, ...this.cells);
    this.button.addEventListener("click", () => table.toggle(this));
    table.watch(this);
  }

  draw(entry, window) {
    this.entry = entry;
    COLUMNS.forEach(({ key, text }, index) => {
      if (key === "share") setText(this.shareText, text(entry));
      else if (key !== "handler" && key !== "trend") setText(this.cells[index], text(entry));
    });
    setStyle(this.share, "--share", round((entry.share || 0) * 100) + "%");
    setHidden(this.tag, entry.open === 0);
    if (entry.open > 0) setText(this.tag, formatCount(entry.open) + " long-lived");
    this.root.classList.toggle("idle", entry.requests === 0 && entry.open === 0);
    COLUMNS.forEach(({ key }, index) =>
      this.cells[index].classList.toggle("low", entry[key]?.below === true || isNone(key, entry)),
    );
    this.cells[3].classList.toggle("bad", entry.server > 0 && entry.server >= entry.requests * MIN_ERROR_SHARE);
    this.window = window;
    if (this.isNear) this.drawTrend();
  }

  /** Far away trends are not drawn: with 1,000 rows they would cost most of the time. */
  drawTrend() {
    const { entry, window } = this;
    const numbers = window.series(slot => slot.byRow.get(entry.row));
    this.spark.drawBars(
      numbers.map(row => row?.[1] ?? 0),
      numbers.map(row => row?.[3] ?? 0),
    );
  }
}

class HandlerTable {
  sort = { key: "rate", direction: "descending" };
  filter = "";
  showsAll = false;
  showsIdle = false;
  open = new Set();
  order = [];
  orderedAt = -Infinity;

  constructor(redraw) {
    this.redraw = redraw;
    this.rows = new Map();
    this.watched = new WeakMap();
    this.observer = new IntersectionObserver(changes => changes.forEach(change => this.#approach(change)), {
      rootMargin: "50%",
    });
    this.heads = COLUMNS.map(column => this.#head(column));
    byId("handlers-head").append(...this.heads);
    this.presets = PRESETS.map(([text, key]) => {
      const button = element("button", { type: "button" }, text);
      button.addEventListener("click", () => this.#sortBy({ key, direction: "descending" }));
      return button;
    });
    byId("order").append(...this.presets);
    byId("filter").addEventListener("input", () => this.#filterBy(byId("filter").value));
    byId("show-all").addEventListener("click", () => this.#set({ showsAll: !this.showsAll }));
    byId("show-idle").addEventListener("click", () => this.#set({ showsIdle: !this.showsIdle }));
  }

  watch(row) {
    this.watched.set(row.root, row);
    this.observer.observe(row.root);
  }

  #approach({ target, isIntersecting }) {
    const row = this.watched.get(target);
    row.isNear = isIntersecting;
    if (isIntersecting) row.drawTrend();
  }

  reset() {
    this.observer.disconnect();
    this.rows.clear();
    this.open.clear();
    this.order = [];
    byId("handlers-body").replaceChildren();
  }

  draw(history, window, key, entries) {
    Object.assign(this, { history, window, entries });
    const total = sum(entries, entry => entry.requests);
    const seconds = sum(window.slots, slot => slot.s);
    for (const entry of entries)
      Object.assign(entry, { rate: ratio(entry.requests, seconds), share: ratio(entry.requests, total) });
    const words = this.filter
      .toLowerCase()
      .split(/\s+/)
      .filter(word => word !== "");
    const median = medianMean(entries);
    const matching = entries.filter(entry => matches(entry, words, median));
    const busy = matching.filter(entry => entry.requests > 0 || entry.open > 0 || entry.inProgress > 0);
    const listed = this.#ordered(this.showsIdle ? matching : busy);
    const shown = this.showsAll
      ? listed
      : listed.filter((entry, index) => index < MAX_ROWS || this.open.has(entry.key));
    this.#drawRows(shown);
    this.#drawTexts(key, {
      all: entries.length,
      busy: busy.length,
      idle: matching.length - busy.length,
      listed: listed.length,
      words,
    });
    this.#drawHeads(history.info.metrics);
  }

  /** Opens the details of a row, wherever it is, and goes there. */
  reveal(key) {
    if (this.filter !== "") byId("filter").value = this.filter = "";
    this.open.add(key);
    this.orderedAt = -Infinity;
    this.redraw();
    const row = this.rows.get(key);
    row?.button.focus({ preventScroll: true });
    row?.root.scrollIntoView({ block: "center", behavior: reducesMotion.matches ? "auto" : "smooth" });
  }

  toggle(row) {
    if (!this.open.delete(row.entry.key)) this.open.add(row.entry.key);
    this.redraw();
  }

  /** Sorts at most every few seconds, and not while someone points at a row or is in the table by keyboard. */
  #ordered(entries) {
    const body = byId("handlers-body");
    const isHeld = (canHover.matches && body.matches(":hover")) || body.contains(document.activeElement);
    const isRecent = performance.now() - this.orderedAt < REORDER_SECONDS * 1000;
    const places = new Map(this.order.map((key, index) => [key, index]));
    const { value } = COLUMNS.find(({ key }) => key === this.sort.key);
    const sign = this.sort.direction === "ascending" ? 1 : -1;
    const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
    const isIdle = entry => (entry.requests === 0 && entry.open === 0 ? 1 : 0);
    const byValue = (a, b) =>
      isIdle(a) - isIdle(b) ||
      sign * compare(value(a), value(b)) ||
      b.requests - a.requests ||
      compare(a.label, b.label);
    const byPlace = (a, b) => (places.get(a.key) ?? Infinity) - (places.get(b.key) ?? Infinity) || 0;
    const keepsOrder = this.orderedAt > -Infinity && (isHeld || isRecent);
    const sorted = [...entries].sort(keepsOrder ? (a, b) => byPlace(a, b) || byValue(a, b) : byValue);
    if (!keepsOrder) this.orderedAt = performance.now();
    this.order = sorted.map(entry => entry.key);
    return sorted;
  }

  #drawRows(shown) {
    const nodes = [];
    for (const entry of shown) {
      if (!this.rows.has(entry.key)) this.rows.set(entry.key, new HandlerRow(this, entry));
      const row = this.rows.get(entry.key);
      const isOpen = this.open.has(entry.key);
      row.draw(entry, this.window);
      nodes.push(row.root);
      setAttribute(row.button, "aria-expanded", String(isOpen));
      if (!isOpen) continue;
      row.details ??= new HandlerDetails(entry);
      nodes.push(row.details.root);
    }
    setChildren(byId("handlers-body"), nodes);
    const columns = this.heads.filter(head => head.offsetWidth > 0).length;
    for (const entry of shown)
      if (this.open.has(entry.key)) this.rows.get(entry.key).details.draw(this.history, this.window, entry, columns);
  }

  #drawTexts(key, { all, busy, idle, listed, words }) {
    const isFiltered = words.length > 0;
    const phrase = "the last " + WINDOW_PHRASES[key];
    setText(
      byId("handlers-count"),
      isFiltered ? formatCount(busy) + " of " + formatCount(all) : formatCount(busy) + " in " + phrase,
    );
    setHidden(byId("handlers-empty"), busy > 0 || (this.showsIdle && idle > 0));
    setText(byId("handlers-empty"), isFiltered ? "No handler matches." : "No handler had requests in " + phrase + ".");
    setHidden(byId("show-all"), listed <= MAX_ROWS);
    setText(
      byId("show-all"),
      this.showsAll ? "Show " + MAX_ROWS + " handlers" : "Show all " + formatCount(listed) + " handlers",
    );
    setHidden(byId("show-idle"), idle === 0);
    setText(byId("show-idle"), this.showsIdle ? "Hide idle handlers" : "Show " + plural(idle, "idle handler"));
    this.matching = busy;
  }

  #drawHeads(metrics) {
    this.heads.forEach((head, index) => {
      const { key } = COLUMNS[index];
      setAttribute(head, "aria-sort", key === this.sort.key ? this.sort.direction : null);
      byId("handlers").classList.toggle("no-" + key, !isMeasured(key, metrics));
    });
    this.presets.forEach((button, index) =>
      setAttribute(button, "aria-pressed", String(PRESETS[index][1] === this.sort.key)),
    );
  }

  #head({ key, title, unit, long, first }) {
    const head = element("th", { scope: "col", "data-column": key });
    if (key === "trend") {
      head.append(title);
      return head;
    }
    const button = element(
      "button",
      { type: "button", ...(long ? { title: long } : {}) },
      ...(unit ? [element("span", { class: "long" }, title.slice(0, -unit.length)), unit] : [title]),
    );
    button.addEventListener("click", () => {
      const opposite = { ascending: "descending", descending: "ascending" };
      const direction = this.sort.key === key ? opposite[this.sort.direction] : (first ?? "descending");
      this.#sortBy({ key, direction });
    });
    head.append(button);
    return head;
  }

  #sortBy(sort) {
    this.#set({ sort });
    announce("Sorted by " + COLUMNS.find(({ key }) => key === sort.key).title + ", " + sort.direction);
  }

  #filterBy(filter) {
    this.#set({ filter });
    announce(plural(this.matching ?? 0, "handler"));
  }

  #set(change) {
    Object.assign(this, change, { orderedAt: -Infinity });
    this.redraw();
  }
}
