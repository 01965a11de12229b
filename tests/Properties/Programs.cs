namespace Instrumentator.Properties;

/// <summary>One operation of an app on a registry.</summary>
public abstract record Operation
{
    private Operation() { }

    /// <summary>Registers a family.</summary>
    public sealed record Register(FamilyDefinition Definition) : Operation;

    /// <summary>Writes to a series of the family with the name, if one is registered.</summary>
    /// <param name="Name">The family's full name.</param>
    /// <param name="Values">As many label values as there can be labels; the first ones are used.</param>
    /// <param name="Amount">The amount to add, observe or set.</param>
    /// <param name="Otherwise">Whether to use the kind's other way to write: increment a counter by one, set a gauge,
    /// observe a whole number in a summary.</param>
    public sealed record Write(string Name, ValueList<string?> Values, double Amount, bool Otherwise) : Operation;
}

/// <summary>Runs operations on the library's registry. Collects what it refuses, and continues.</summary>
internal sealed class Program(Registry registry)
{
    // By name without the namespace of the registry, and without its static labels.
    private readonly Dictionary<string, (Family Family, int Labels)> _families = new(StringComparer.Ordinal);

    public List<string> Refusals { get; } = [];

    public static Snapshot Run(IEnumerable<Operation> operations, Registry registry)
    {
        var program = new Program(registry);
        foreach (var operation in operations)
            program.Run(operation);
        return registry.Scrape();
    }

    public void Run(Operation operation)
    {
        if (operation is Operation.Register { Definition: var definition })
            Register(definition);
        else if (operation is Operation.Write write && _families.TryGetValue(write.Name, out var one))
            Write(one.Family, one.Labels, write);
    }

    private void Register(FamilyDefinition definition)
    {
        try
        {
            var name = definition.Kind == MetricKind.Counter ? Names.OfCounter(definition.Name) : definition.Name;
            _families[name] = (Family(definition), definition.LabelNames.Count);
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidConfigException)
        {
            Refusals.Add(definition.Name);
        }
    }

    private Family Family(FamilyDefinition definition)
    {
        string[] labels = [.. definition.LabelNames];
        return definition.Kind switch
        {
            MetricKind.Counter => registry.Counter(definition.Name, definition.Help, labels),
            MetricKind.Gauge => registry.Gauge(definition.Name, definition.Help, labels),
            MetricKind.Histogram => registry.Histogram(
                definition.Name,
                definition.Help,
                new HistogramOptions { Native = definition.Native, Buckets = definition.Buckets },
                labels),
            _ => registry.Summary(definition.Name, definition.Help, labels),
        };
    }

    private static void Write(Family family, int labels, Operation.Write write)
    {
        string?[] values = [.. write.Values.Take(labels)];
        switch (family)
        {
            case Family<Counter> counters when write.Otherwise:
                counters.With(values).Increment();
                break;
            case Family<Counter> counters when write.Amount >= 0 && double.IsFinite(write.Amount):
                counters.With(values).Increment(write.Amount);
                break;
            case Family<Gauge> gauges when write.Otherwise:
                gauges.With(values).Set(write.Amount);
                break;
            case Family<Gauge> gauges:
                gauges.With(values).Add(write.Amount);
                break;
            case Family<Histogram> histograms:
                histograms.With(values).Observe(write.Amount);
                break;
            case Family<Summary> summaries when write.Otherwise && double.IsFinite(write.Amount):
                summaries.With(values).Observe((long)write.Amount);
                break;
            case Family<Summary> summaries:
                summaries.With(values).Observe(write.Amount);
                break;
        }
    }
}
