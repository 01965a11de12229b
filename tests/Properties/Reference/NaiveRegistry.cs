using System.Globalization;
using System.Numerics;
using System.Text;

namespace Instrumentator.Properties.Reference;

/// <summary>A registry that keeps every written amount, behind one lock, and adds them up when it is read.</summary>
/// <remarks>Sums are exact integers until the end, while the library adds doubles as they come.</remarks>
/// <param name="seriesLimit">The maximum number of series of a family, without the overflow series.</param>
/// <param name="differences">The intended differences of the implementation that it is compared with.</param>
internal sealed class NaiveRegistry(int seriesLimit, RegistryDifferences differences)
{
    /// <summary>The maximum length of a label value.</summary>
    public const int MaxLength = 1_024;

    private readonly Lock _lock = new();
    private readonly List<NaiveFamily> _families = [];

    public List<string> Refusals { get; } = [];

    /// <summary>Returns the label value that a registry keeps of a text: whole characters as far as they and an
    /// ellipsis have room.</summary>
    public static string Kept(string? text)
    {
        var clean = SlowWriter.Clean(text);
        if (clean.Length <= MaxLength)
            return clean;
        var kept = new StringBuilder();
        foreach (var rune in clean.EnumerateRunes())
        {
            if (kept.Length + rune.Utf16SequenceLength >= MaxLength)
                break;
            kept.Append(rune.ToString());
        }
        return kept.Append('…').ToString();
    }

    public void Run(Operation operation)
    {
        lock (_lock)
        {
            if (operation is Operation.Register { Definition: var definition })
                Register(definition);
            else if (operation is Operation.Write write)
                _families.Find(family => family.Definition.Name == write.Name)?.Write(write, seriesLimit, differences);
        }
    }

    public Snapshot Read()
    {
        lock (_lock)
            return new Snapshot(ValueList.From(_families.Select(family => family.Read())));
    }

    /// <summary>Returns the number of writes to the overflow series, by family; families without such writes are left
    /// out.</summary>
    public Dictionary<string, double> Dropped() =>
        _families.Where(family => family.Dropped > 0).ToDictionary(
            family => family.Definition.Name,
            family => (double)family.Dropped,
            StringComparer.Ordinal);

    private void Register(FamilyDefinition asked)
    {
        var isBare = asked.Kind == MetricKind.Counter && !asked.Name.EndsWith("_total", StringComparison.Ordinal);
        var definition = isBare ? asked with { Name = asked.Name + "_total" } : asked;
        if (_families.Exists(family => family.Definition == definition))
            return;
        var isColon = differences.RefusesColons is not null && asked.Name.Contains(':');
        if (isColon || _families.Exists(
            family => Claims(family.Definition).Intersect(Claims(definition), StringComparer.Ordinal).Any()))
        {
            Refusals.Add(asked.Name);
        }
        else
        {
            _families.Add(new NaiveFamily(definition));
        }
    }

    /// <summary>Returns every name that a family uses in any of the text formats.</summary>
    private static string[] Claims(FamilyDefinition definition)
    {
        var name = definition.Name;
        switch (definition.Kind)
        {
            case MetricKind.Counter:
                var stem = name[..name.LastIndexOf("_total", StringComparison.Ordinal)];
                return [name, stem, $"{stem}_created"];
            case MetricKind.Histogram:
                return [name, $"{name}_bucket", $"{name}_sum", $"{name}_count", $"{name}_created"];
            case MetricKind.Summary:
                return [name, $"{name}_sum", $"{name}_count", $"{name}_created"];
            default:
                return [name];
        }
    }

    private sealed class NaiveFamily
    {
        private readonly List<(string[] Values, List<double> Amounts)> _series = [];

        public NaiveFamily(FamilyDefinition definition)
        {
            Definition = definition;
            if (definition.LabelNames.Count == 0)
                _series.Add(([], []));
        }

        public FamilyDefinition Definition { get; }

        public long Dropped { get; private set; }

        public void Write(Operation.Write write, int limit, RegistryDifferences differences)
        {
            string[] values = [.. write.Values.Take(Definition.LabelNames.Count).Select(Kept)];
            var isOver = Find(values) < 0 && _series.Count >= limit;
            if (isOver)
                values = [.. values.Select(_ => "_overflow")];
            var isRefused = Definition.Kind == MetricKind.Counter
                && !write.Otherwise
                && !(write.Amount >= 0 && double.IsFinite(write.Amount));
            if (isRefused)
                return;
            Dropped += isOver ? 1 : 0;
            if (Find(values) < 0)
                _series.Add((values, []));
            var isObserved = Definition.Kind is MetricKind.Histogram or MetricKind.Summary;
            if (differences.LeavesOutNaN is null || !isObserved || !double.IsNaN(write.Amount))
                Add(_series[Find(values)].Amounts, write);
        }

        public FamilySnapshot Read() => new(Definition, ValueList.From(
            _series.Select(series => new Sample(
                new LabelSet(Definition.LabelNames, series.Values),
                Value(series.Amounts)))));

        private int Find(string[] values) =>
            _series.FindIndex(series => series.Values.SequenceEqual(values, StringComparer.Ordinal));

        private void Add(List<double> amounts, Operation.Write write)
        {
            if (Definition.Kind == MetricKind.Gauge && write.Otherwise)
                amounts.Clear();
            amounts.Add(Definition.Kind switch
            {
                MetricKind.Counter when write.Otherwise => 1,
                MetricKind.Summary when write.Otherwise && double.IsFinite(write.Amount) => Math.Truncate(write.Amount),
                _ => write.Amount,
            });
        }

        private SampleValue Value(List<double> amounts) => Definition.Kind switch
        {
            MetricKind.Counter => new SampleValue.Counter(Sum(amounts)),
            MetricKind.Gauge => new SampleValue.Gauge(Sum(amounts)),
            MetricKind.Summary => new SampleValue.Summary(amounts.Count, Sum(amounts)),
            _ => new SampleValue.Histogram(Counts(amounts), Sum(amounts)),
        };

        private ValueList<long> Counts(List<double> amounts)
        {
            var below = Definition.Buckets
                .Select(bound => amounts.LongCount(amount => amount <= bound))
                .Append(amounts.Count)
                .ToArray();
            return ValueList.From(below.Select((count, i) => i == 0 ? count : count - below[i - 1]));
        }

        private static double Sum(List<double> amounts)
        {
            var isUp = amounts.Contains(double.PositiveInfinity);
            var isDown = amounts.Contains(double.NegativeInfinity);
            if (isUp || isDown || amounts.Exists(double.IsNaN))
            {
                return amounts.Exists(double.IsNaN) || isUp && isDown ? double.NaN
                    : isUp ? double.PositiveInfinity
                    : double.NegativeInfinity;
            }

            // The amounts have at most ten binary places.
            var sum = amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + new BigInteger(amount * 1024));
            return double.Parse(sum.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) / 1024;
        }
    }
}
