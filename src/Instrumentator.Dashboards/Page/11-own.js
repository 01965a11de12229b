// Own metrics: all other families of the registry, one at a time.

const MAX_SERIES = 8;

/** Groups by the prefix of the name; the app's own come first. */
const FAMILY_GROUPS = [
  ["Process", /^process_/],
  [".NET", /^(dotnet|system_runtime)_/],
  ["ASP.NET Core and HTTP", /^(aspnetcore|kestrel|http|signalr|dns|system_net)_/],
  ["Instrumentator", /^instrumentator_/],
];

const groupOf = name => FAMILY_GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? "This app";

/** The numbers of one series by slot, as [value, …]: what a counter, gauge, summary or histogram has in a slot. */
function seriesValues(family, window, index) {
  return window.series(slot => {
    slot.byOwn ??= new Map(slot.own.map(own => [own[0], own]));
    const own = slot.byOwn.get(index);
    if (isRate(family)) return own ? own[1] / slot.s : 0;
    if (isDistribution(family)) return own?.[1] > 0 ? own[2] / own[1] : null;
    return own ? own[1] : null;
  });
}

const isRate = family => family.kind === "counter";
const isDistribution = family => family.kind === "summary" || family.kind === "histogram";

/** What is shown of one series: its number in words, and what it is sorted by. */
function describeSeries(family, window, index, unit) {
  const values = seriesValues(family, window, index);
  if (isRate(family)) {
    const rate = rateOf(window.slots, slot => slot.byOwn.get(index)?.[1]);
    return { values, order: rate, text: (unit ? formatInUnit(rate, unit) : formatNumber(rate)) + "/s" };
  }
  if (!isDistribution(family)) {
    const value = window.newest?.byOwn.get(index)?.[1];
    if (value === undefined) return null;
    return {
      values: values.map(number => (Number.isFinite(number) ? number : null)),
      order: Number.isFinite(value) ? value : 0,
      text: formatInUnit(value, unit),
    };
  }
  const owns = window.slots.map(slot => slot.byOwn.get(index)).filter(own => own);
  const count = sum(owns, own => own[1]);
  if (count === 0) return null;
  const p95 = family.bounds?.length > 0 ? ownQuantile(family.bounds, owns, unit) : null;
  const rate = formatNumber(count / sum(window.slots, slot => slot.s)) + "/s";
  return {
    values,
    order: count,
    text: "mean " + formatInUnit(sum(owns, own => own[2]) / count, unit),
    more: (p95 ? "p95 " + p95 + ", " : "") + rate,
  };
}

function ownQuantile(bounds, owns, unit) {
  const quantile = quantileOf(
    bounds,
    owns.reduce((counts, own) => addBuckets(counts, own[3]), []),
    0.95,
  );
  if (quantile === null) return null;
  const sign = quantile.below ? "<" + SPACE : quantile.above ? ">" + SPACE : quantile.wide ? "≈" + SPACE : "";
  return sign + formatInUnit(quantile.value, unit);
}

function seriesLabel(history, family, index) {
  const { labels } = history.series[index];
  if (family.labels.length === 0) return "all";
  if (family.labels.length === 1) return labels[0] === "" ? "(empty)" : labels[0];
  return family.labels.map((name, place) => name + "=" + labels[place]).join(", ");
}

class SeriesItem {
  constructor(label) {
    this.text = element("span", { class: "number" });
    this.more = element("span", { class: "muted" });
    this.bar = element("span", { class: "track" });
    this.spark = new Sparkline("own");
    this.root = element(
      "li",
      {},
      element("code", { title: label }, label),
      this.spark.svg,
      element("span", { class: "numbers" }, this.text, this.more),
      this.bar,
    );
  }

  draw({ values, text, more, order }, highestOrder) {
    setText(this.text, text);
    setText(this.more, more ?? "");
    setStyle(this.bar, "--share", round(highestOrder > 0 ? (Math.max(0, order) / highestOrder) * 100 : 0) + "%");
    this.spark.drawLine(values.map(value => (value === null ? null : Math.max(0, value))));
  }
}

class OwnMetrics {
  shownFamilies = -1;

  constructor(redraw) {
    this.select = byId("own-metric");
    this.wanted = readSetting("metric");
    this.select.addEventListener("change", () => {
      writeSetting("metric", (this.wanted = this.select.value));
      redraw();
    });
  }

  reset() {
    this.shownFamilies = -1;
    this.items = null;
  }

  draw(history, window) {
    if (this.shownFamilies !== history.families.length) this.#drawOptions(history);
    const family = history.families.find(({ name }) => name === this.select.value);
    setHidden(this.select, !family);
    setText(byId("own-note"), this.#note(history, family));
    setText(byId("own-help"), family ? family.help + unitNote(family) : "");
    setHidden(byId("own-series"), !family);
    setChildren(byId("own-series"), family ? this.#drawSeries(history, window, family) : []);
  }

  #drawSeries(history, window, family) {
    if (this.items?.family !== family)
      this.items = Object.assign(new Keyed(index => new SeriesItem(seriesLabel(history, family, index))), { family });
    const unit = unitOf(family.name);
    const described = family.series
      .map(index => ({ index, shown: describeSeries(family, window, index, unit) }))
      .filter(({ shown }) => shown !== null)
      .sort((a, b) => b.shown.order - a.shown.order || a.index - b.index);
    const top = described.slice(0, MAX_SERIES);
    const nodes = top.map(({ index, shown }) => {
      const item = this.items.get(index);
      item.draw(shown, top[0].shown.order);
      return item.root;
    });
    if (described.length > MAX_SERIES) nodes.push(this.#rest(described.length - MAX_SERIES));
    else if (nodes.length === 0) nodes.push(this.#rest(0));
    return nodes;
  }

  #rest(count) {
    this.rest ??= element("li", { class: "muted rest" });
    setText(
      this.rest,
      count > 0 ? "and " + formatCount(count) + " more with lower values" : "Nothing was recorded in this window.",
    );
    return this.rest;
  }

  #note(history, family) {
    const missing = history.info.missing?.own ?? 0;
    if (missing > 0)
      return (
        plural(missing, "series").replace("seriess", "series") +
        " above the limit of " +
        formatCount(history.info.limits.own) +
        " are not kept."
      );
    return family ? "" : "None yet. Counters, gauges and histograms of the same registry appear here.";
  }

  #drawOptions({ families }) {
    this.shownFamilies = families.length;
    const chosen = this.wanted ?? this.select.value;
    const groups = new Map(["This app", ...FAMILY_GROUPS.map(([name]) => name)].map(name => [name, []]));
    for (const family of families) groups.get(groupOf(family.name)).push(family);
    const nodes = [...groups]
      .filter(([, members]) => members.length > 0)
      .map(([label, members]) =>
        element(
          "optgroup",
          { label },
          ...members.map(({ name, labels }) =>
            element("option", { value: name }, labels.length > 0 ? name + " by " + labels.join(", ") : name),
          ),
        ),
      );
    this.select.replaceChildren(...nodes);
    if (families.some(({ name }) => name === chosen)) this.select.value = chosen;
  }
}

function unitNote(family) {
  const kinds = {
    counter: "Per second.",
    gauge: "",
    summary: "Mean, and how many per second.",
    histogram: "Mean, 95th percentile, and how many per second.",
  };
  const note = kinds[family.kind] ?? "";
  return note && family.help ? " " + note : note;
}
