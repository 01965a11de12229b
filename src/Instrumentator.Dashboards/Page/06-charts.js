// Charts as SVG that stretches with its box: one unit per slot across, 0 to 1 up. Axes are HTML texts beside it.

/** A path through the values by column; null leaves a gap. `x` is the middle of each slot. */
function linePath(values, scale) {
  let path = "";
  let isDrawing = false;
  values.forEach((value, column) => {
    const isNumber = Number.isFinite(value);
    if (isNumber) path += (isDrawing ? "L" : "M") + (column + 0.5) + " " + round(1 - value / scale);
    isDrawing = isNumber;
  });
  return path;
}

/** Bars from `from` (by column, 0 without) to `from` + value. */
function barPath(values, scale, from = []) {
  let path = "";
  values.forEach((value, column) => {
    if (!(value > 0)) return;
    const bottom = round(1 - (from[column] ?? 0) / scale);
    const top = round(1 - ((from[column] ?? 0) + value) / scale);
    path += "M" + (column + 0.1) + " " + bottom + "V" + top + "h.8V" + bottom + "z";
  });
  return path;
}

const round = number => Math.round(number * 1000) / 1000;
const highest = values => values.reduce((max, value) => (value > max ? value : max), 0);

/** The next higher "round" number: 1, 2, 2.5 or 5 times a power of ten. */
function roundUp(number) {
  if (!(number > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(number));
  return [1, 2, 2.5, 5, 10].find(step => step * power >= number * 0.999) * power;
}

/** A small chart without axes: a line over a tint, or bars with the bad part in the colour of errors. */
class Sparkline {
  constructor(className = "") {
    this.tint = vector("path", { class: "tint" });
    this.line = vector("path", { class: "line" });
    this.bad = vector("path", { class: "bad" });
    this.svg = vector(
      "svg",
      { class: "spark " + className, preserveAspectRatio: "none", "aria-hidden": "true" },
      this.tint,
      this.line,
      this.bad,
    );
  }

  drawLine(values, scale = highest(values)) {
    const path = linePath(values, (scale || 1) * 1.05);
    setAttribute(this.svg, "viewBox", "0 0 " + values.length + " 1");
    setAttribute(this.line, "d", path);
    setAttribute(this.tint, "d", areaPath(values, (scale || 1) * 1.05));
  }

  drawBars(values, bad) {
    const scale = Math.max(highest(values), highest(bad)) || 1;
    const visible = bad.map(value => (value > 0 ? Math.max(value, scale * 0.12) : 0));
    setAttribute(this.svg, "viewBox", "0 0 " + values.length + " 1");
    setAttribute(this.line, "d", barPath(values, scale));
    setAttribute(this.bad, "d", barPath(visible, scale));
  }
}

function areaPath(values, scale) {
  let path = "";
  let start = -1;
  for (let column = 0; column <= values.length; column++) {
    const isNumber = Number.isFinite(values[column]);
    if (isNumber && start < 0) path += "M" + ((start = column) + 0.5) + " 1";
    if (isNumber) path += "L" + (column + 0.5) + " " + round(1 - values[column] / scale);
    if (!isNumber && start >= 0) path += "V1z";
    if (!isNumber) start = -1;
  }
  return path;
}

const TICK_SECONDS = [10, 15, 20, 30, 60, 120, 180, 300];

/** Draws times below a chart: at round times, as many as fit. */
class TimeAxis {
  constructor() {
    this.root = element("div", { class: "time-axis", "aria-hidden": "true" });
    this.labels = new Keyed(time => element("span", {}, time % 60 === 0 ? formatMinute(time) : formatTime(time)));
  }

  draw(window, width) {
    const end = window.newest?.t ?? 0;
    const length = window.step * window.length;
    const space = window.step > 1 ? 52 : 68;
    const step =
      TICK_SECONDS.find(seconds => (seconds / length) * width >= space && (window.step === 1 || seconds % 60 === 0)) ??
      300;
    const times = [];
    for (let time = Math.floor(end / step) * step; time > end - length; time -= step) {
      const place = 1 - (end - time) / length;
      if (place * width >= space / 2 - 14 && (1 - place) * width >= space / 2 - 14) times.push([time, place]);
    }
    this.labels.keep(times.map(([time]) => time));
    for (const [time, place] of times) setStyle(this.labels.get(time), "left", round(place * 100) + "%");
    setChildren(
      this.root,
      times.map(([time]) => this.labels.get(time)),
    );
  }
}

/** A chart with axes: stacked bars and lines over the slots of a window. */
class Chart {
  constructor(layers, format) {
    this.layers = layers;
    this.format = format;
    this.paths = layers.map(({ kind, className }) => vector("path", { class: kind + " " + className }));
    this.svg = vector("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, ...this.paths);
    this.top = element("span", { class: "top" });
    this.middle = element("span", { class: "middle" });
    this.axis = new TimeAxis();
    const plot = element("div", { class: "plot" }, this.svg, this.top, this.middle);
    const legend = element(
      "p",
      { class: "legend muted" },
      ...layers.map(({ name, kind, className }) => element("span", { class: "key " + kind + " " + className }, name)),
    );
    this.root = element("div", { class: "chart", role: "img" }, legend, plot, this.axis.root);
  }

  /** `values` has one array for each layer; bars are stacked in their order. */
  draw(window, values, label) {
    const stacked = new Array(window.length).fill(0);
    const bottoms = values.map((layer, index) => {
      if (this.layers[index].kind !== "bars") return null;
      const bottom = [...stacked];
      layer.forEach((value, column) => (stacked[column] += value ?? 0));
      return bottom;
    });
    const scale = roundUp(Math.max(highest(stacked), ...values.map(highest)));
    setAttribute(this.svg, "viewBox", "0 0 " + window.length + " 1");
    values.forEach((layer, index) => {
      const path = bottoms[index] ? barPath(layer, scale, bottoms[index]) : linePath(layer, scale);
      setAttribute(this.paths[index], "d", path);
    });
    setText(this.top, this.format(scale));
    setText(this.middle, this.format(scale / 2));
    this.axis.draw(window, this.svg.clientWidth);
    setAttribute(this.root, "aria-label", label);
  }
}
