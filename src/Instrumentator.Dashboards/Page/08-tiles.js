// The tiles: the last ten seconds in large digits, the window in small ones and as a sparkline.

const NOW_SECONDS = 10;

class Tile {
  constructor(name, className) {
    const id = "tile-" + name.toLowerCase().replace(/ /g, "-");
    this.value = element("span", { class: "value" });
    this.word = element("span", { class: "muted" });
    this.first = element("p", { class: "muted" });
    this.second = element("p", { class: "muted" });
    this.spark = new Sparkline(className);
    this.root = element(
      "div",
      { class: "card tile " + className, role: "group", "aria-labelledby": id },
      element("h3", { id }, name),
      element("p", { class: "now" }, this.value, " ", this.word),
      this.first,
      this.second,
      this.spark.svg,
    );
  }

  show(value, word, first, second) {
    setText(this.value, value);
    setText(this.word, word);
    setText(this.first, first);
    setText(this.second, second);
    this.root.classList.remove("missing");
    setAttribute(this.spark.svg, "hidden", null);
  }

  /** Says what to add so that the tile has something to show. */
  miss(advice) {
    setText(this.value, "not measured");
    setText(this.word, "");
    setText(this.first, advice);
    setText(this.second, "");
    this.root.classList.add("missing");
    setAttribute(this.spark.svg, "hidden", "");
  }
}

class Tiles {
  constructor() {
    const names = ["Requests", "Server errors", "Latency", "In progress", "CPU", "Memory", "Data"];
    [this.requests, this.errors, this.latency, this.progress, this.cpu, this.memory, this.data] = names.map(
      name => new Tile(name, name.toLowerCase().replace(/ /g, "-")),
    );
    byId("tiles").append(
      this.requests.root,
      this.errors.root,
      this.latency.root,
      this.progress.root,
      this.cpu.root,
      this.memory.root,
      this.data.root,
    );
  }

  draw(history, window, key) {
    const now = history.recent(NOW_SECONDS);
    const over = WINDOW_TEXTS[key].replace(" ", SPACE) + ": ";
    const { metrics } = history.info;
    this.#drawRequests(window, now, over, metrics);
    this.#drawErrors(window, now, over, metrics);
    this.#drawLatency(history.info.bounds, window, now, over, metrics);
    this.#drawProgress(window, history.newest, over, metrics);
    this.#drawProcess(history, window, now, over, metrics);
    this.#drawData(window, now, over, metrics);
  }

  #drawRequests(window, now, over, metrics) {
    if (!metrics.requests && !metrics.latency) return this.requests.miss("add Metrics.Requests()");
    const requests = slot => slot.requests;
    this.requests.show(
      formatRate(rateOf(now, requests)),
      "",
      over + formatRate(rateOf(window.slots, requests)),
      plural(sum(window.slots, requests), "request"),
    );
    return this.requests.spark.drawLine(window.series(slot => slot.requests / slot.s));
  }

  #drawErrors(window, now, over, metrics) {
    if (!metrics.statuses) return this.errors.miss("needs a metric with the label status");
    const share = (slots, value) =>
      sum(slots, slot => slot.requests) > 0
        ? ratio(
            sum(slots, value),
            sum(slots, slot => slot.requests),
          )
        : 0;
    const server = slot => slot.serverErrors;
    const errors = sum(window.slots, server);
    this.errors.show(
      formatShare(share(now, server)),
      "5xx",
      over + formatShare(share(window.slots, server)) + " (" + formatCount(errors) + ")",
      "4xx: " + formatShare(share(window.slots, slot => slot.clientErrors)),
    );
    this.errors.root.classList.toggle("alarm", share(now, server) >= MIN_ERROR_SHARE);
    return this.errors.spark.drawBars(
      window.series(() => 0),
      window.series(server),
    );
  }

  #drawLatency(bounds, window, now, over, metrics) {
    if (!metrics.latency) return this.latency.miss("add Metrics.Latency()");
    const counts = latencyBuckets(now);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map(q => formatQuantile(quantileOf(bounds, counts, q)));
    this.latency.show(
      p95,
      "p95",
      over + formatQuantile(quantileOf(bounds, latencyBuckets(window.slots), 0.95)),
      "p50 " + p50 + ", p99 " + p99,
    );
    return this.latency.spark.drawLine(
      window.series(slot => quantileOf(bounds, addBuckets([], slot.latency), 0.95)?.estimate ?? null),
    );
  }

  #drawProgress(window, newest, over, metrics) {
    const longLived =
      newest?.longLived > 0
        ? "+ " + formatCount(newest.longLived) + " long-lived"
        : metrics.longLived
          ? "no long-lived"
          : "";
    if (!metrics.inProgress)
      return this.progress.miss(
        "set Config.InProgress" + (newest?.longLived > 0 ? "; " + longLived.slice(2) + " open" : ""),
      );
    const values = window.series(slot => slot.inProgress ?? null);
    this.progress.show(
      formatCount(newest?.inProgress ?? 0),
      "",
      over + "up to " + formatCount(highest([newest?.inProgress ?? 0, ...values])),
      longLived,
    );
    return this.progress.spark.drawLine(values);
  }

  #drawProcess({ info }, window, now, over, metrics) {
    if (!metrics.process) {
      this.cpu.miss("add registry.IncludeProcess()");
      return this.memory.miss("add registry.IncludeProcess()");
    }
    const cpu = slots =>
      sum(slots, slot => (slot.cpu ?? 0) * slot.s) /
      Math.max(
        sum(slots, slot => slot.s),
        1e-9,
      );
    const cores = formatNumber(cpu(now)) + " of " + plural(info.processors, "core");
    this.cpu.show(
      formatShare(cpu(now) / info.processors),
      "",
      over + formatShare(cpu(window.slots) / info.processors),
      cores,
    );
    this.cpu.spark.drawLine(
      window.series(slot => slot.cpu ?? null),
      info.processors,
    );
    const memory = window.series(slot => slot.memory ?? null);
    this.memory.show(
      formatBytes(now.at(-1)?.memory ?? NaN),
      "",
      over + "up to " + formatBytes(highest([now.at(-1)?.memory ?? 0, ...memory])),
      "resident",
    );
    return this.memory.spark.drawLine(memory);
  }

  #drawData(window, now, over, metrics) {
    if (!metrics.requestSize && !metrics.responseSize) return this.data.miss("add Metrics.CombinedSize()");
    const perSecond = (slots, bytes) => formatBytes(rateOf(slots, bytes)) + "/s";
    const [bytes, word] = metrics.responseSize ? [responseBytes, "out"] : [requestBytes, "in"];
    const other = metrics.requestSize && metrics.responseSize ? perSecond(now, requestBytes) + " in" : "";
    this.data.show(perSecond(now, bytes), word, over + perSecond(window.slots, bytes), other);
    return this.data.spark.drawLine(window.series(slot => bytes(slot) / slot.s));
  }
}
