using Microsoft.Extensions.Configuration;

namespace Instrumentator;

/// <summary>The limits of single metrics: a section with the full name of each as key.</summary>
internal sealed class SeriesLimitsValue : ConfigurationValue<ValueList<SeriesLimit>>
{
    public override string Schema => """{ "type": "object", "additionalProperties": { "type": "integer" } }""";

    public override ValueList<SeriesLimit> Read(
        IConfigurationSection section, ValueList<SeriesLimit> current, ICollection<string> errors)
    {
        if (section.Value is not null)
            errors.Add(ConfigurationErrors.Wrong(section, "a section with the names of metrics as keys"));

        // The name of a metric may contain colons, which separate the parts of a path.
        foreach (var (metric, text) in section.AsEnumerable(makePathsRelative: true))
        {
            var key = section.GetSection(metric);
            if (metric.Length == 0 || (text is null && key.GetChildren().Any()))
                continue;
            var before = errors.Count;
            var limit = ConfigurationValues.Integer.Read(key, 0, errors);
            if (errors.Count == before)
                current = SeriesLimit.Set(current, new(metric, limit));
        }
        return current;
    }

    // A limit may rise and fall. Without one, the limit would be that of the registry, which has set the other one.
    public override ValueList<SeriesLimit> Keep(
        ValueList<SeriesLimit> old,
        ValueList<SeriesLimit> next,
        string path,
        bool needsRestart,
        ICollection<string> kept)
    {
        foreach (var limit in old.Where(limit => next.All(one => one.Metric != limit.Metric)))
        {
            kept.Add($"{path}:{limit.Metric}");
            next = SeriesLimit.Set(next, limit);
        }
        return next;
    }
}
