// The panel below a row of the table: one handler in larger charts.

class HandlerDetails {
  constructor(entry) {
    this.requests = new Chart(
      [
        { kind: "bars", className: "good", name: "succeeded" },
        { kind: "bars", className: "client", name: "4xx" },
        { kind: "bars", className: "server", name: "5xx" },
      ],
      formatRate,
    );
    this.latency = new Chart(
      [
        { kind: "line", className: "p95", name: "p95" },
        { kind: "line", className: "mean", name: "mean" },
      ],
      formatSeconds,
    );
    this.distribution = element("ul", { class: "distribution" });
    this.buckets = new Keyed(() => new DistributionBar());
    this.sizes = element("dl", { class: "facts" });
    this.facts = new Keyed(name => {
      const value = element("dd");
      return { value, nodes: [element("dt", {}, name), value] };
    });
    const title = text => element("h3", {}, text);
    const panel = element(
      "div",
      { class: "details", role: "region", "aria-label": "Details of " + entry.label },
      element(
        "p",
        { class: "full" },
        ...(entry.method ? [element("span", { class: "method" }, entry.method), " "] : []),
        element("code", {}, entry.name),
      ),
      element("div", {}, title("Requests"), this.requests.root),
      element("div", {}, title("Latency"), this.latency.root),
      element("div", {}, title("Distribution"), this.distribution),
      element("div", {}, title("Sizes"), this.sizes),
    );
    this.cell = element("td", {}, panel);
    this.root = element("tr", { class: "details" }, this.cell);
  }

  /** `columns` is how many columns are visible: the others must take no room. */
  draw(history, window, entry, columns) {
    setAttribute(this.cell, "colspan", String(columns));
    const { handlerBounds, metrics } = history.info;
    this.#drawRequests(window, entry, metrics);
    this.#drawLatency(window, entry, handlerBounds);
    this.#drawDistribution(entry, handlerBounds);
    this.#drawSizes(history, window, entry);
  }

  #drawRequests(window, entry, metrics) {
    const series = number => window.series(slot => number(slot.byRow.get(entry.row) ?? [0, 0, 0, 0]) / slot.s);
    const label =
      plural(entry.requests, "request") +
      (metrics.statuses
        ? ", " + formatCount(entry.client) + " with a 4xx and " + formatCount(entry.server) + " with a 5xx status"
        : "");
    this.requests.draw(
      window,
      [series(row => row[1] - row[2] - row[3]), series(row => row[2]), series(row => row[3])],
      label,
    );
  }

  #drawLatency(window, entry, bounds) {
    const rows = window.series(slot => slot.byRow.get(entry.row) ?? null);
    const mean = rows.map(row => (row?.[1] > 0 ? row[4] / row[1] : null));
    const p95 = rows.map(row => (row ? (quantileOf(bounds, addBuckets([], row[6]), 0.95)?.estimate ?? null) : null));
    this.latency.draw(window, [p95, mean], "Mean " + formatSeconds(entry.mean) + ", p95 " + formatQuantile(entry.p95));
  }

  #drawDistribution(entry, bounds) {
    const total = sum(entry.buckets, count => count);
    const bars = [...bounds, Infinity].map((_, bucket) => {
      const count = entry.buckets[bucket] ?? 0;
      return this.buckets.get(bucket).draw(formatBucket(bounds, bucket), count, total);
    });
    setChildren(
      this.distribution,
      trimmed(bars, bucket => entry.buckets[bucket] > 0),
    );
  }

  #drawSizes(history, window, entry) {
    const { metrics } = history.info;
    const size = window.sizes.get(entry.handler) ?? [0, 0, 0, 0];
    const seconds = sum(window.slots, slot => slot.s);
    const hasOthers = history.rows.filter(({ handler }) => handler === entry.handler).length > 1;
    const facts = [];
    if (metrics.requestSize)
      facts.push(
        ["Mean request", formatBytes(meanSize(size[1], size[0]))],
        ["Received", formatBytes(ratio(size[1], seconds)) + "/s"],
      );
    if (metrics.responseSize)
      facts.push(
        ["Mean response", formatBytes(meanSize(size[3], size[2]))],
        ["Sent", formatBytes(ratio(size[3], seconds)) + "/s"],
      );
    if (facts.length === 0) facts.push(["Not measured", "add Metrics.CombinedSize()"]);
    else if (hasOthers) facts.push(["Counted for", "all methods"]);
    if (entry.open > 0) facts.push(["Long-lived requests open", formatCount(entry.open)]);
    for (const [name, text] of facts) setText(this.facts.get(name).value, text);
    setChildren(
      this.sizes,
      facts.flatMap(([name]) => this.facts.get(name).nodes),
    );
  }
}

class DistributionBar {
  constructor() {
    this.range = element("span", { class: "range" });
    this.bar = element("span", { class: "track" });
    this.count = element("span", { class: "count" });
    this.root = element("li", {}, this.range, this.bar, this.count);
  }

  draw(range, count, total) {
    setText(this.range, range);
    setStyle(this.bar, "--share", round(total > 0 ? (count / total) * 100 : 0) + "%");
    setText(this.count, count > 0 ? formatShare(count / total) + " (" + formatCount(count) + ")" : "0");
    return this.root;
  }
}

/** Leaves out empty buckets at both ends where there are many. */
function trimmed(bars, isUsed) {
  if (bars.length <= 12) return bars;
  const used = bars.map((_, index) => index).filter(isUsed);
  return used.length > 0 ? bars.slice(Math.max(0, used[0] - 1), used.at(-1) + 2) : bars.slice(0, 3);
}
