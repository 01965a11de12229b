using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>A writer that passes on families and series with names that the reader accepts. Plain names pass unchanged,
/// at no cost.</summary>
internal sealed class EscapingScrapeWriter : IScrapeWriter, ISampleWriter
{
    // Indexed by scheme. Entries live as long as the definition or the labels.
    private static readonly ConditionalWeakTable<FamilyDefinition, Escaped>[] _families = [[], [], []];
    private static readonly ConditionalWeakTable<LabelSet, LabelSet>[] _labels = [[], [], []];

    private readonly IScrapeWriter _writer;
    private readonly NameEscaping _escaping;
    private ISampleWriter _series = null!;

    private EscapingScrapeWriter(IScrapeWriter writer, NameEscaping escaping) =>
        (_writer, _escaping) = (writer, escaping);

    public bool TakesNative => _series.TakesNative;

    /// <summary>Returns a writer that escapes names by a scheme and passes them on.</summary>
    public static IScrapeWriter Of(IScrapeWriter writer, NameEscaping escaping) =>
        escaping == NameEscaping.AllowUtf8 ? writer : new EscapingScrapeWriter(writer, escaping);

    public ISampleWriter? Begin(FamilyDefinition family)
    {
        if (!_families[(int)_escaping].TryGetValue(family, out var escaped))
            escaped = _families[(int)_escaping].GetValue(family, Escape);
        if (_writer.Begin(escaped.Definition) is not { } series)
            return null;
        _series = series;
        return escaped.HasOtherLabels ? this : series;
    }

    public void Counter(LabelSet labels, double value, Exemplar? exemplar = null, double? created = null) =>
        _series.Counter(Escape(labels), value, exemplar, created);

    public void Gauge(LabelSet labels, double value) => _series.Gauge(Escape(labels), value);

    public void Histogram(LabelSet labels, in HistogramReading reading) => _series.Histogram(Escape(labels), reading);

    public void Summary(
        LabelSet labels, long count, double sum, ValueList<Quantile>? quantiles = null, double? created = null) =>
        _series.Summary(Escape(labels), count, sum, quantiles, created);

    public void End() => _writer.End();

    private Escaped Escape(FamilyDefinition family)
    {
        var name = EscapedName.OfMetric(family.Name, _escaping);
        var labels = ValueList.From(family.LabelNames.Select(label => EscapedName.OfLabel(label, _escaping)));
        var hasOtherLabels = !labels.Equals(family.LabelNames);
        return new Escaped(
            name == family.Name && !hasOtherLabels ? family : family with { Name = name, LabelNames = labels },
            hasOtherLabels);
    }

    private LabelSet Escape(LabelSet labels) => _labels[(int)_escaping].GetValue(labels, EscapeSlow);

    private LabelSet EscapeSlow(LabelSet labels)
    {
        var names = ValueList.From(labels.Names.Select(label => EscapedName.OfLabel(label, _escaping)));
        return names.Equals(labels.Names) ? labels : new LabelSet(names, labels.Values);
    }

    private sealed record Escaped(FamilyDefinition Definition, bool HasOtherLabels);
}
