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
        var names = new Dictionary<string, FamilyDefinition>(StringComparer.Ordinal);
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
            if (ErrorOfNames(families[i], names) is { } clash)
                throw Error(collector, definition.ToString(), clash);
        }
        return families;
    }

    // Names that differ may be one for readers that get escaped names, or that of another family's count or sum.
    private static string? ErrorOfNames(FamilySnapshot family, Dictionary<string, FamilyDefinition> names)
    {
        var definition = family.Definition;
        var hasCreated = family.Samples.Any(sample => sample.Created is not null);
        foreach (var name in hasCreated ? definition.LineNames.Concat(definition.CreatedNames) : definition.LineNames)
        {
            if (names.TryAdd(name, definition) || ReferenceEquals(names[name], definition))
                continue;
            return names[name].Name == definition.Name
                ? "the name occurs twice. Return each family once, with all its series."
                : $"its samples have the name {name}, at least for readers of escaped names, and so have those of "
                    + $"{names[name]}. Rename one of them.";
        }
        return null;
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
            ?? HistogramRules.ErrorOfBounds(definition.Buckets),
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
        return ErrorOfDuplicates(family);
    }

    // Series may have labels that their family does not name, as in prometheus-net. They need plain names, because
    // UTF-8 names are escaped only if the family has them. Series with the same names follow each other: one check
    // suffices.
    private static string? ErrorOfLabels(FamilyDefinition definition, ref ValueList<string> seen, LabelSet labels)
    {
        if (labels.Names.Equals(seen) || labels.Names.Equals(definition.LabelNames))
            return null;
        seen = labels.Names;
        string[] all = [.. definition.LabelNames.Union(seen, StringComparer.Ordinal)];
        return Names.ErrorsOfLabels(definition.Name, seen, definition.ReservedLabel)
            .Concat(Names.ErrorsOfLabels(definition.Name, all, reserved: null, utf8: true))
            .FirstOrDefault() is { } error
            ? $"the labels differ from those of the family, which is possible only with unescaped names. {error}"
            : null;
    }

    private static string? ErrorOfValue(FamilyDefinition definition, SampleValue value) =>
        (definition.Kind, value) switch
        {
            (MetricKind.Counter, SampleValue.Counter)
                or (MetricKind.Gauge or MetricKind.Unknown, SampleValue.Gauge) => null,
            (MetricKind.Histogram, SampleValue.Histogram histogram) => HistogramRules.ErrorOf(definition, histogram),
            (MetricKind.Summary, SampleValue.Summary summary) => ErrorOfSummary(summary),
            _ => $"the value is a {value.GetType().Name}, which does not fit a {definition.Kind}.",
        };

    private static string? ErrorOfSummary(SampleValue.Summary summary)
    {
        if (summary.Quantiles is null)
            return "the quantiles are null. Use an empty list instead.";
        if (summary.Count < 0)
        {
            return FormattableString.Invariant($"the count is {summary.Count}: ")
                + "use the number of observations, 0 or more.";
        }
        var ranks = summary.Quantiles.Select(quantile => quantile.Rank);
        return ranks.Distinct().Count() < summary.Quantiles.Count
            ? "two quantiles have the same rank. Use each rank once."
            : null;
    }

    // Labels in another order are the same, and so is an empty label and none.
    private static string? ErrorOfDuplicates(FamilySnapshot family)
    {
        var samples = family.Samples.Span;
        var isMixed = false;
        foreach (var sample in samples)
            isMixed |= !sample.Labels.Names.Equals(samples[0].Labels.Names);
        var seen = new HashSet<LabelSet>(samples.Length);
        foreach (var sample in samples)
        {
            if (!seen.Add(isMixed ? Canonical(sample.Labels) : sample.Labels))
                return $"its series {sample.Labels} occurs twice. Return each series once.";
        }
        return null;
    }

    private static LabelSet Canonical(LabelSet labels)
    {
        var present = labels.Names
            .Zip(labels.Values)
            .Where(label => label.Second.Length > 0)
            .OrderBy(label => label.First, StringComparer.Ordinal)
            .ToArray();
        return new(
            ValueList.From(present.Select(label => label.First)),
            ValueList.From(present.Select(label => label.Second)));
    }

    private static InvalidOperationException Error(IMetricCollector collector, string family, string error) => new(
        $"{collector.GetType()} returned invalid metrics. In {family}: {error} "
        + "Correct the collector, or do not include it.");
}
