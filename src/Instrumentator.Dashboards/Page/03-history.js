// What the page knows: names, and the slots of three windows. Only `accept` changes it, with a response of the server.

const WINDOWS = ["1m", "5m", "15m"];
const WINDOW_TEXTS = { "1m": "1 min", "5m": "5 min", "15m": "15 min" };
const WINDOW_PHRASES = { "1m": "minute", "5m": "5 minutes", "15m": "15 minutes" };

/** The slots of one window, oldest first, and what each row and handler adds up to over all of them. */
class WindowHistory {
  slots = [];
  rows = new Map();
  sizes = new Map();

  constructor(step, length) {
    this.step = step;
    this.length = length;
  }

  get newest() {
    return this.slots.at(-1);
  }

  /** Whether the first slot since the app started is still in the window. */
  get isWhole() {
    return this.slots.length > 0 && this.slots[0].n === 0;
  }

  add(slot) {
    if (this.newest && slot.n <= this.newest.n) return;
    slot.byRow = new Map(slot.rows.map(row => [row[0], row]));
    slot.bySize = new Map(slot.sizes.map(size => [size[0], size]));
    this.slots.push(slot);
    this.#total(slot, 1);
    while (this.slots[0].n <= slot.n - this.length) this.#total(this.slots.shift(), -1);
  }

  /** The place of a slot from the left, from 0 to length - 1. */
  column(slot) {
    return this.length - 1 - (this.newest.n - slot.n);
  }

  /** One number of each slot by column; null where there is no slot. */
  series(value) {
    const values = new Array(this.length).fill(null);
    for (const slot of this.slots) values[this.column(slot)] = value(slot);
    return values;
  }

  #total(slot, sign) {
    for (const row of slot.rows) {
      let total = this.rows.get(row[0]);
      if (!total)
        this.rows.set(row[0], (total = { requests: 0, client: 0, server: 0, seconds: 0, buckets: [], slots: 0 }));
      total.slots += sign;
      total.requests += sign * row[1];
      total.client += sign * row[2];
      total.server += sign * row[3];
      total.seconds = total.requests === 0 ? 0 : total.seconds + sign * row[4];
      addBuckets(total.buckets, row[6], sign);
      if (total.slots === 0) this.rows.delete(row[0]);
    }
    for (const [handler, ...numbers] of slot.sizes) {
      const total = this.sizes.get(handler) ?? [0, 0, 0, 0];
      this.sizes.set(
        handler,
        total.map((sum, index) => sum + sign * numbers[index]),
      );
    }
  }
}

/** Everything of one run of the app. */
class LiveHistory {
  run = null;
  info = null;
  handlers = [];
  rows = [];
  families = [];
  series = [];
  names = 0;
  windows = {};

  /** What to ask the server for: what is new in these windows. */
  query(windows) {
    const query = new URLSearchParams();
    if (this.run) {
      query.set("run", this.run);
      query.set("names", this.names);
    }
    for (const key of windows) query.set(key, this.windows[key]?.newest?.n ?? -1);
    return query;
  }

  /** Adds a response. Returns true if it came from another run of the app, whose history starts over. */
  accept(response) {
    const restarted = this.run !== null && this.run !== response.run;
    if (restarted || this.#hasOtherBounds(response)) Object.assign(this, new LiveHistory());
    this.run = response.run;
    this.info = response;
    for (const name of response.names ?? []) this.#addName(name);
    for (const [key, { step, length, slots }] of Object.entries(response.windows ?? {})) {
      this.windows[key] ??= new WindowHistory(step, length);
      for (const slot of slots) this.windows[key].add(withDefaults(slot));
    }
    return restarted;
  }

  /** The newest slots, of the finest window that has any. */
  recent(seconds) {
    const window = WINDOWS.map(key => this.windows[key]).find(candidate => candidate?.slots.length > 0);
    return window ? window.slots.slice(-Math.max(1, Math.round(seconds / window.step))) : [];
  }

  get newest() {
    return this.recent(1).at(-1) ?? null;
  }

  #addName(name) {
    this.names++;
    if ("handler" in name) this.handlers.push(name.handler);
    else if (name.row) this.rows.push({ handler: name.row[0], method: name.row[1] });
    else if (name.family) this.families.push({ ...name.family, series: [] });
    else if (name.series) this.#addSeries(name.series);
  }

  #addSeries([family, labels]) {
    this.families[family]?.series.push(this.series.length);
    this.series.push({ family, labels });
  }

  #hasOtherBounds({ run, bounds, handlerBounds }) {
    const known = this.info;
    return (
      known?.run === run &&
      (String(known.bounds) !== String(bounds) || String(known.handlerBounds) !== String(handlerBounds))
    );
  }
}

function withDefaults(slot) {
  return {
    requests: 0,
    clientErrors: 0,
    serverErrors: 0,
    seconds: 0,
    latency: [],
    rows: [],
    sizes: [],
    open: [],
    own: [],
    ...slot,
  };
}

/** The name of a handler; null stands for all handlers above the limit. */
function handlerName(history, handler) {
  if (!history.info.metrics.handlers || handler === null || handler === undefined) return "all requests";
  const name = history.handlers[handler];
  if (name === null || name === undefined) return "all other handlers";
  return name === "" ? "(empty)" : name;
}
