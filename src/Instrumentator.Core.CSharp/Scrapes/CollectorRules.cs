namespace Instrumentator;

/// <summary>The validation of collectors' families, so that no scrape contains data that a reader rejects. An invalid
/// family fails the whole scrape, with an error that names the collector.</summary>
internal static class CollectorRules
{
    /// <summary>Returns the families of a collector if they are valid. Those of the built-in backend always are and are
    /// not checked.</summary>
    /// <exception cref="InvalidOperationException">A family is invalid.</exception>
    public static ValueList<FamilySnapshot> Checked(IMetricCollector collector, ValueList<FamilySnapshot>? families)
    {
        if (collector is CellBackend)
            return families!;
        if (families is null)
            throw Error(collector, "its families", "they are null. Return an empty list instead.");
        var names = new HashSet<string>(families.Count, StringComparer.Ordinal);
        for (var i = 0; i < families.Count; i++)
        {
            if (families[i]?.Definition is not { } definition)
            {
                throw Error(
                    collector,
                    FormattableString.Invariant($"its family at index {i}"),
                    "it is null, or its definition is.");
            }
            if ((ErrorOf(definition) ?? ErrorOfSeries(families[i])) is { } error)
                throw Error(collector, definition.ToString(), error);
            if (!names.Add(definition.Name))
            {
                throw Error(
                    collector,
                    definition.ToString(),
                    "the name occurs twice. Return each family once, with all its series.");
            }
        }
        return families;
    }

    private static string? ErrorOf(FamilyDefinition definition) => definition switch
    {
        { Name: null } or { Help: null } or { LabelNames: null } or { Buckets: null } =>
            "its name, its help, its label names or its buckets are null. Use empty ones instead.",
        _ when !Enum.IsDefined(definition.Kind) => FormattableString.Invariant(
            $"its kind is {(int)definition.Kind}, which is not a value of {nameof(MetricKind)}."),
        _ => Names.ErrorsOfMetric(definition.WithoutTotal, utf8: true)
            .Concat(Names.ErrorsOfLabels(
                definition.Name,
                definition.LabelNames,
                definition.ReservedLabel,
                utf8: true))
            .FirstOrDefault()
            ?? ErrorOfBounds(definition.Buckets),
    };

    private static string? ErrorOfSeries(FamilySnapshot family)
    {
        if (family.Samples is null)
            return "its series are null. Return an empty list instead.";
        var names = family.Definition.LabelNames;
        foreach (var sample in family.Samples.Span)
        {
            if (sample is not { Labels: { } labels, Value: { } value })
            {
                return "one of its series is null, or its labels or value are. "
                    + "For a series without labels, use LabelSet.Empty.";
            }
            var error = ErrorOfLabels(family.Definition, ref names, labels) ?? ErrorOfValue(family.Definition, value);
            if (error is not null)
                return $"in its series {labels}, {error}";
        }
        return null;
    }

    // Series may have labels that their family does not name, as in prometheus-net. They need plain names, because
    // UTF-8 names are escaped only if the family has them. Series with the same names follow each other: one check
    // suffices.
    private static string? ErrorOfLabels(FamilyDefinition definition, ref ValueList<string> seen, LabelSet labels)
    {
        if (labels.Names.Equals(seen) || labels.Names.Equals(definition.LabelNames))
            return null;
        seen = labels.Names;
        return Names.ErrorsOfLabels(definition.Name, seen, definition.ReservedLabel).FirstOrDefault() is { } error
            ? $"the labels differ from those of the family, which is possible only with unescaped names. {error}"
            : null;
    }

    private static string? ErrorOfValue(FamilyDefinition definition, SampleValue value) =>
        (definition.Kind, value) switch
        {
            (MetricKind.Counter, SampleValue.Counter)
                or (MetricKind.Gauge or MetricKind.Unknown, SampleValue.Gauge) => null,
            (MetricKind.Histogram, SampleValue.Histogram histogram) => ErrorOfHistogram(definition, histogram),
            (MetricKind.Summary, SampleValue.Summary { Quantiles: null }) =>
                "the quantiles are null. Use an empty list instead.",
            (MetricKind.Summary, SampleValue.Summary) => null,
            _ => $"the value is a {value.GetType().Name}, which does not fit a {definition.Kind}.",
        };

    private static string? ErrorOfHistogram(FamilyDefinition definition, SampleValue.Histogram histogram)
    {
        var bounds = histogram.Buckets ?? definition.Buckets;
        return histogram is { Counts: null }
            or { Exemplars: null }
            or { Native: { Negative: null } or { Positive: null } }
            ? "a list is null. Use an empty list instead."
            : histogram.Counts.Count != bounds.Count + 1 ? FormattableString.Invariant(
                $"there are {histogram.Counts.Count} counts, but {bounds.Count} buckets and that of +Inf: ")
                + "specify a count for each."
            : histogram.Buckets is null ? null
            : ErrorOfBounds(bounds);
    }

    private static string? ErrorOfBounds(ValueList<double> bounds)
    {
        for (var i = 0; i < bounds.Count; i++)
        {
            if (!double.IsFinite(bounds[i]) || i > 0 && bounds[i] <= bounds[i - 1])
            {
                return $"the buckets are {bounds}: use finite upper bounds, each once and in increasing order; "
                    + "+Inf is implicit.";
            }
        }
        return null;
    }

    private static InvalidOperationException Error(IMetricCollector collector, string family, string error) => new(
        $"{collector.GetType()} returned invalid metrics. In {family}: {error} "
        + "Correct the collector, or do not include it.");
}
