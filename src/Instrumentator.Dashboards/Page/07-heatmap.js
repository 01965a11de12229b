// The latency heatmap: a column per slot, a row per bucket of the instrumentation.

const HEAT_LEVELS = 6;
const MIN_HEAT_ROWS = 6;

/** The shade of a count, from 1 to HEAT_LEVELS: logarithmic, so that few slow requests are seen beside many fast. */
function heatLevel(count, max) {
  return max <= 1 ? HEAT_LEVELS : 1 + Math.floor((Math.log(count) / Math.log(max)) * (HEAT_LEVELS - 1) + 1e-9);
}

/** The buckets to show: the occupied ones with a margin of one, and at least six. */
function heatRange(counts, buckets) {
  const occupied = [...counts.keys()].filter(bucket => counts[bucket] > 0);
  let low = Math.max(0, (occupied[0] ?? 0) - 1);
  let high = Math.min(buckets - 1, (occupied.at(-1) ?? 0) + 1);
  while (high - low + 1 < Math.min(MIN_HEAT_ROWS, buckets)) {
    if (high < buckets - 1) high++;
    else low--;
  }
  return { low, high, rows: high - low + 1 };
}

/** How far up a duration lies, in rows from the bottom of the range. */
function heatHeight(quantile, bounds, low) {
  if (quantile === null) return NaN;
  if (quantile.above) return bounds.length + 0.5 - low;
  const bucket = bounds.findIndex(bound => quantile.estimate <= bound);
  const lower = bucket === 0 ? 0 : bounds[bucket - 1];
  return bucket - low + (quantile.estimate - lower) / (bounds[bucket] - lower);
}

class Heatmap {
  cell = null; // the cell that is read out: the number of its slot, and its bucket
  byKeyboard = false;

  constructor() {
    this.empty = vector("path", { class: "heat0" });
    this.levels = Array.from({ length: HEAT_LEVELS }, (_, level) => vector("path", { class: "heat" + (level + 1) }));
    this.halo = vector("path", { class: "halo" });
    this.line = vector("path", { class: "p95" });
    this.start = vector("path", { class: "start" });
    this.cursor = vector("rect", { class: "cursor", width: 1, height: 1 });
    this.svg = vector(
      "svg",
      { preserveAspectRatio: "none", "aria-hidden": "true" },
      this.empty,
      ...this.levels,
      this.start,
      this.halo,
      this.line,
      this.cursor,
    );
    this.bounds = element("div", { class: "bounds", "aria-hidden": "true" });
    this.boundLabels = new Keyed(text => element("span", {}, text));
    this.name = element("span", { class: "p95-name", "aria-hidden": "true" }, "p95");
    this.startName = element("span", { class: "start-name", "aria-hidden": "true" }, "app started");
    this.plot = element(
      "div",
      {
        class: "plot",
        tabindex: "0",
        role: "application",
        "aria-label": "Latency heatmap",
        "aria-describedby": "latency-summary readout",
      },
      this.svg,
      this.name,
      this.startName,
    );
    this.axis = new TimeAxis();
    byId("heatmap").append(this.bounds, this.plot, this.axis.root);
    this.#legend();
    this.#listen();
  }

  draw(history, window) {
    const bounds = history.info.bounds;
    const counts = window.slots.map(slot => addBuckets([], slot.latency));
    const all = latencyBuckets(window.slots);
    const range = heatRange(all, bounds.length + 1);
    Object.assign(this, { window, limits: bounds, counts, range });
    setAttribute(this.svg, "viewBox", "0 0 " + window.length + " " + range.rows);
    setStyle(byId("heatmap"), "--rows", String(range.rows));
    this.#drawCells(window, counts, range);
    this.#drawLine(window, counts, bounds, range);
    this.#drawStart(window, history.info.started);
    this.#drawBounds(bounds, range);
    this.axis.draw(window, this.plot.clientWidth);
    this.#drawCursor();
    if (byId("latency-details").open) this.#drawTable();
  }

  #drawCells(window, counts, { low, high, rows }) {
    const max = counts.reduce((most, slot) => Math.max(most, highest(slot)), 0);
    const paths = new Array(HEAT_LEVELS).fill("");
    window.slots.forEach((slot, index) => {
      for (let bucket = low; bucket <= high; bucket++) {
        const count = counts[index][bucket] ?? 0;
        if (count > 0) paths[heatLevel(count, max) - 1] += cellPath(window.column(slot), high - bucket);
      }
    });
    if (this.shownRows !== rows) setAttribute(this.empty, "d", gridPath(window.length, rows));
    this.shownRows = rows;
    this.levels.forEach((path, level) => setAttribute(path, "d", paths[level]));
    setText(this.most, max > 1 ? formatCount(max) : "more");
  }

  #drawLine(window, counts, bounds, { low, rows }) {
    const heights = new Array(window.length).fill(null);
    window.slots.forEach((slot, index) => {
      heights[window.column(slot)] = heatHeight(quantileOf(bounds, counts[index], 0.95), bounds, low);
    });
    const path = linePath(
      heights.map(height => (height === null ? null : height / rows)),
      1,
    ).replace(/ (-?[\d.]+)/g, (_, y) => " " + round(y * rows));
    setAttribute(this.halo, "d", path);
    setAttribute(this.line, "d", path);
    const last = heights.findLast(height => Number.isFinite(height));
    setHidden(this.name, last === undefined);
    if (last !== undefined) setStyle(this.name, "bottom", round((last / rows) * 100) + "%");
  }

  #drawStart(window, started) {
    const column = window.newest ? window.length - (window.newest.t - started) / window.step : 0;
    const isShown = column > 0 && column <= window.length;
    setAttribute(this.start, "d", isShown ? "M" + round(column) + " 0V" + this.range.rows : "");
    setHidden(this.startName, !isShown);
    const isRight = column > window.length / 2; // the name goes where there is more room
    const place = column / window.length;
    setStyle(this.startName, "left", isRight ? "auto" : round(place * 100) + "%");
    setStyle(this.startName, "right", isRight ? round((1 - place) * 100) + "%" : "auto");
  }

  #drawBounds(bounds, { low, high, rows }) {
    const every = Math.ceil((15 * rows) / Math.max(this.plot.clientHeight, 1));
    const shown = [];
    for (let bucket = high; bucket >= low; bucket--) {
      if (bucket < bounds.length && (high - bucket) % every === 0 && bucket < high) shown.push(bucket);
    }
    const labels = shown.map(bucket => [this.boundLabels.get(formatBound(bounds[bucket])), bucket]);
    for (const [label, bucket] of labels) setStyle(label, "bottom", round(((bucket - low + 1) / rows) * 100) + "%");
    setChildren(
      this.bounds,
      labels.map(([label]) => label),
    );
  }

  #drawCursor() {
    const slot = this.cell && this.window.slots.find(({ n }) => n === this.cell.n);
    const isShown = slot && this.cell.bucket >= this.range.low && this.cell.bucket <= this.range.high;
    setAttribute(this.cursor, "visibility", isShown ? null : "hidden");
    const hint = this.window.slots.length > 0 ? "Point at a cell to read it, or use the arrow keys." : "";
    byId("readout").classList.toggle("muted", !isShown);
    if (!isShown) return setText(byId("readout"), hint);
    setAttribute(this.cursor, "x", String(this.window.column(slot)));
    setAttribute(this.cursor, "y", String(this.range.high - this.cell.bucket));
    return setText(byId("readout"), this.#describe(slot, this.cell.bucket));
  }

  #describe(slot, bucket) {
    const counts = addBuckets([], slot.latency);
    const count = counts[bucket] ?? 0;
    const all = sum(counts, value => value);
    const range = formatBucket(this.limits, bucket);
    const times = formatTime(slot.t - slot.s) + " to " + formatTime(slot.t) + ": ";
    const share =
      count > 0
        ? ", " + formatShare(count / all) + " of " + formatCount(all)
        : all > 0
          ? " of " + formatCount(all)
          : "";
    return times + plural(count, "request") + " took " + range + share;
  }

  #drawTable() {
    const { low, high } = this.range;
    const buckets = Array.from({ length: high - low + 1 }, (_, index) => low + index);
    const header = element(
      "tr",
      {},
      ...["From", "Requests", ...buckets.map(bucket => formatBucket(this.limits, bucket))].map(text =>
        element("th", { scope: "col" }, text),
      ),
    );
    const rows = this.window.slots.toReversed().map(slot => {
      const counts = addBuckets([], slot.latency);
      const cells = [sum(counts, count => count), ...buckets.map(bucket => counts[bucket] ?? 0)];
      return element(
        "tr",
        {},
        element("th", { scope: "row" }, formatTime(slot.t - slot.s)),
        ...cells.map(count => element("td", {}, formatCount(count))),
      );
    });
    byId("latency-table").replaceChildren(element("thead", {}, header), element("tbody", {}, ...rows));
  }

  #legend() {
    this.most = element("span", {}, "more");
    byId("legend").append(
      element("span", { class: "key line p95" }, "p95"),
      element(
        "span",
        { class: "ramp" },
        element("span", {}, "1"),
        ...this.levels.map((_, level) => element("i", { class: "heat" + (level + 1) })),
        this.most,
      ),
      "requests per cell",
    );
  }

  #listen() {
    this.plot.addEventListener("pointermove", event => this.#point(event));
    this.plot.addEventListener("pointerdown", event => this.#point(event));
    this.plot.addEventListener("pointerleave", () => this.#select(null));
    this.plot.addEventListener("blur", () => this.#select(null));
    this.plot.addEventListener("keydown", event => this.#press(event));
    byId("latency-details").addEventListener(
      "toggle",
      () => this.window && byId("latency-details").open && this.#drawTable(),
    );
  }

  #select(cell) {
    this.cell = cell;
    if (this.window) this.#drawCursor();
  }

  #point(event) {
    if (!this.window?.newest) return;
    const box = this.svg.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * this.window.length);
    const row = Math.floor(((event.clientY - box.top) / box.height) * this.range.rows);
    this.#select({ n: this.window.newest.n - (this.window.length - 1 - column), bucket: this.range.high - row });
  }

  #press(event) {
    if (!this.window?.newest) return;
    const { slots, newest } = this.window;
    const moves = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, 1],
      ArrowDown: [0, -1],
      Home: [-Infinity, 0],
      End: [Infinity, 0],
    };
    if (event.key === "Escape") this.#select(null);
    if (!moves[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const [across, up] = this.cell ? moves[event.key] : [0, 0];
    const from = this.cell ?? { n: newest.n, bucket: this.#busiestBucket() };
    this.#select({
      n: Math.min(newest.n, Math.max(slots[0].n, from.n + across)),
      bucket: Math.min(this.range.high, Math.max(this.range.low, from.bucket + up)),
    });
  }

  #busiestBucket() {
    const counts = this.counts.at(-1);
    const max = highest(counts);
    return max > 0 ? counts.indexOf(max) : this.range.low;
  }
}

const cellPath = (column, row) => "M" + column + " " + row + "h1v1h-1z";

function gridPath(columns, rows) {
  let path = "";
  for (let column = 0; column < columns; column++) for (let row = 0; row < rows; row++) path += cellPath(column, row);
  return path;
}

/** The heatmap in one sentence. */
function describeLatency(history, window, key) {
  const counts = latencyBuckets(window.slots);
  const total = sum(counts, count => count);
  if (total === 0) return "No requests in the last " + WINDOW_PHRASES[key] + ".";
  const [half, most, nearly] = [0.5, 0.95, 0.99].map(q => within(quantileOf(history.info.bounds, counts, q)));
  const what = history.info.metrics.latencyOnlySuccess ? "successful request" : "request";
  return `${plural(total, what)}: half took ${half}, 95${SPACE}% ${most}, 99${SPACE}% ${nearly}.`;
}

function within(quantile) {
  if (quantile.below) return "less than " + formatBound(quantile.value);
  if (quantile.above) return "possibly more than " + formatBound(quantile.value);
  return "at most " + (quantile.wide ? "about " : "") + formatSeconds(quantile.value);
}
