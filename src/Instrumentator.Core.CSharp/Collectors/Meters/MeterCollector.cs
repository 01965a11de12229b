using System.Diagnostics.Metrics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The metrics of the meters that a registry includes.</summary>
/// <remarks>
/// <para>Safe for use by many threads. It ends with its registry: .NET keeps its listeners alive, and these keep only
/// the numbers alive. So when the registry is gone, the collector is, too, and its finalizer stops them.</para>
/// <para>Observable instruments run on one thread, on behalf of all scrapes at that time. A callback that hangs blocks
/// this thread, and later scrapes start no other one: they are without the values of observable instruments.</para>
/// </remarks>
internal sealed class MeterCollector : IMetricCollector, IDisposable
{
    /// <summary>How long a scrape waits for the callbacks of all observable instruments together.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly ConditionalWeakTable<Registry, MeterCollector> _all = [];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<MeterListener> _listeners = [];
    private readonly Dictionary<Instrument, MeterFamily> _instruments = [];
    private readonly Dictionary<(string Name, InstrumentKind Kind), MeterFamily> _families = [];
    private readonly List<ObservableInstrument> _observable = [];
    private readonly Registry _registry;
    private readonly CallbackErrors _errors;
    private Task<ValueList<FamilySnapshot>> _observing = Task.FromResult<ValueList<FamilySnapshot>>([]);
    private long _observingSince;
    private volatile string? _running;

    private MeterCollector(Registry registry) => (_registry, _errors) = (registry, registry.CallbackErrors);

#pragma warning disable MA0055 // Nothing else could stop listeners that .NET keeps alive: a registry is not disposed.
    ~MeterCollector() => Dispose();
#pragma warning restore MA0055

    /// <summary>Returns the collector of a registry, which has one for all its meters.</summary>
    public static MeterCollector Of(Registry registry) =>
        _all.GetValue(registry, static registry => new MeterCollector(registry));

    /// <summary>Listens to the meters of a list, now and whenever one is created.</summary>
    public void Include(MeterFilter filter)
    {
        // Each host of a process may include the same ones.
        lock (_lock)
        {
            string[] added = [.. filter.Names.Where(_names.Add)];
            if (added.Length == 0)
                return;
        }
        var self = new WeakReference<MeterCollector>(this);
        var listener = NewListener();
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (filter.Includes(instrument.Meter.Name) && self.TryGetTarget(out var collector))
                collector.Add(instrument, listener);
        };
        lock (_lock)
            _listeners.Add(listener);
        listener.Start();
    }

    /// <inheritdoc/>
    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        var families = Families();
        ThrowIfClash(families);
        var observed = await ObservedAsync(cancellationToken).ConfigureAwait(false);
        Array.ForEach(families, ReportProblems);
        return [.. families.Where(family => family is not ObservedFamily).Select(family => family.Read()), .. observed];
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var listener in _listeners.Concat(_observable.Select(one => one.Listener)).ToArray())
            listener.Dispose();
        GC.SuppressFinalize(this);
    }

    private MeterFamily[] Families()
    {
        lock (_lock)
            return [.. _families.Values];
    }

    // An observable instrument has a listener of its own, so that its errors can be told from those of others.
    private void Add(Instrument instrument, MeterListener listener)
    {
        if (instrument.Kind() is not { } kind || FamilyOf(instrument, kind) is not { } family)
            return;
        if (instrument.IsObservable)
        {
#pragma warning disable CA2000 // It lives as long as the instrument or the collector.
            listener = NewListener();
#pragma warning restore CA2000
            lock (_lock)
                _observable.Add(new(instrument, (ObservedFamily)family, listener));
        }
        listener.EnableMeasurementEvents(instrument, family);
    }

    // Null if the instrument has no name, or was included before.
    private MeterFamily? FamilyOf(Instrument instrument, InstrumentKind kind)
    {
        var metric = kind.Metric();
        var name = InstrumentNames.OfMetric(instrument.Name, instrument.Unit, metric == MetricKind.Counter);
        lock (_lock)
        {
            if (instrument.Name.Length == 0 || _instruments.ContainsKey(instrument))
                return null;
            if (!_families.TryGetValue((name, kind), out var family))
            {
                var bounds = metric == MetricKind.Histogram ? instrument.Bounds() : [];
                family = MeterFamily.Of(
                    instrument, kind, new(name, instrument.Description ?? "", metric, [], bounds));
                family.Limit = _registry.LimitOf(name);
                _families.Add((name, kind), family);
            }
            return _instruments[instrument] = family;
        }
    }

    // The instrument's meter was disposed.
    private void Remove(Instrument instrument)
    {
        lock (_lock)
        {
            if (!_instruments.Remove(instrument, out var family))
                return;
            _observable.RemoveAll(observable => observable.Instrument == instrument);
            if (!_instruments.ContainsValue(family))
                _families.Remove(_families.First(one => one.Value == family).Key);
        }
    }

    private MeterListener NewListener()
    {
        var self = new WeakReference<MeterCollector>(this);
        var listener = new MeterListener
        {
            MeasurementsCompleted = (instrument, _) =>
            {
                if (self.TryGetTarget(out var collector))
                    collector.Remove(instrument);
            },
        };
        Listen<byte>(listener);
        Listen<short>(listener);
        Listen<int>(listener);
        Listen<long>(listener);
        Listen<float>(listener);
        Listen<double>(listener);
        Listen<decimal>(listener);
        return listener;
    }

    private static void Listen<T>(MeterListener listener)
        where T : struct, INumberBase<T> =>
        listener.SetMeasurementEventCallback<T>(static (_, measurement, tags, family) =>
            ((MeterFamily)family!).Record(double.CreateSaturating(measurement), tags));

    private static void ThrowIfClash(MeterFamily[] families)
    {
        foreach (var alike in families.GroupBy(family => family.Definition.Name, StringComparer.Ordinal))
        {
            if (alike.Skip(1).Any())
            {
                throw new InvalidOperationException(
                    $"The name {alike.Key} has instruments of different kinds: {string.Join(" and ", alike)}. "
                    + "Include the meter of only one of them.");
            }
        }
    }

    private void ReportProblems(MeterFamily family)
    {
        var name = family.Definition.Name;
        family.Limit = _registry.LimitOf(name);
        if (family.TakeDropped() is > 0 and var dropped)
            _registry.ReportDropped(name, dropped);
        if (family.TakeFailures() is > 0 and var failures)
            _errors.Add(name, "had a measurement with a tag that has no text.", times: failures);
    }

    // Without values if a callback does not return in time.
    private async Task<ValueList<FamilySnapshot>> ObservedAsync(CancellationToken cancellationToken)
    {
        var (observing, since) = Observe();
        var left = Patience - TimeProvider.System.GetElapsedTime(since);
        await ((Task)observing).WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (observing.IsCompleted)
            return await observing.ConfigureAwait(false);
        _errors.Add(
            _running ?? "",
            FormattableString.Invariant($"did not end within {Patience.TotalSeconds} s. ")
            + "Scrapes are without the values of observable instruments until it ends.");
        return [.. Families().OfType<ObservedFamily>().Select(family => new FamilySnapshot(family.Definition, []))];
    }

    private (Task<ValueList<FamilySnapshot>> Observing, long Since) Observe()
    {
        lock (_lock)
        {
            if (_observing.IsCompleted)
            {
                ObservableInstrument[] instruments = [.. _observable];
                _observingSince = TimeProvider.System.GetTimestamp();
                _observing = instruments.Length == 0 ? Task.FromResult<ValueList<FamilySnapshot>>([])
                    : Task.Factory.StartNew(
                        () => Observe(instruments),
                        CancellationToken.None,
                        TaskCreationOptions.DenyChildAttach,
                        OwnThreadScheduler.Instance);
            }
            return (_observing, _observingSince);
        }
    }

    private ValueList<FamilySnapshot> Observe(ObservableInstrument[] instruments)
    {
        ObservedFamily[] families = [.. instruments.Select(one => one.Family).Distinct()];
        Array.ForEach(families, family => family.Begin());
        Array.ForEach(instruments, Observe);
        return [.. families.Select(family => family.Read())];
    }

    private void Observe(ObservableInstrument observable)
    {
        _running = observable.Family.Definition.Name;
        try
        {
            observable.Listener.RecordObservableInstruments();
        }
#pragma warning disable CA1031 // Code of an app: one callback that throws does not fail the scrape.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _errors.Add(_running, "threw an exception.", e);
        }
    }

    private sealed record ObservableInstrument(Instrument Instrument, ObservedFamily Family, MeterListener Listener);
}
