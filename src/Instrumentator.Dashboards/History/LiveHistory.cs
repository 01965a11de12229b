namespace Instrumentator;

/// <summary>The history of an instrumentation: reads its registry, and keeps the last 1, 5 and 15 minutes.</summary>
/// <remarks>Bounded: at most 60 slots in each window, each with at most so many rows and series as the options allow.
/// One caller at a time reads; any number of others may ask for slots meanwhile.</remarks>
internal sealed class LiveHistory
{
    private readonly Lock _lock = new();
    private readonly Registry _registry;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly OwnSource _ownSource = new(isAlwaysRead: true);
    private readonly OwnHistory _own;
    private readonly RegistryReader _reader;
    private readonly CollectedSeries _collected;
    private readonly Window[] _windows;
    private long _readings;

    /// <summary>Makes the first reading.</summary>
    /// <exception cref="InvalidConfigException">The instrumentation is invalid.</exception>
    public LiveHistory(Instrumentation instrumentation, PageOptions options, TimeProvider clock)
    {
        (_registry, _clock, _started) = (instrumentation.Registry, clock, clock.GetTimestamp());
        Requests = new(RequestFamilies.Of(instrumentation), Catalog, options.MaxHandlers);
        _own = new(Catalog, options.MaxOwnSeries);
        _reader = new(Requests, _own, _ownSource);
        _collected = new(_registry, _own);
        _windows = [Create("1m", 60, 1), Create("5m", 300, 5), Create("15m", 900, 15)];
    }

    public RequestHistory Requests { get; }

    public Catalog Catalog { get; } = new();

    /// <summary>The seconds from one reading to the next. To read the registry of another library means to parse its
    /// text, which takes longer.</summary>
    public int Period => _registry.IsBuiltIn ? 1 : 5;

    /// <summary>Whether the registry includes the metrics of the process.</summary>
    public bool MeasuresProcess => _registry.Includes(ProcessCollector.Instance);

    /// <summary>The number of own series that have no history.</summary>
    public int Missing => _ownSource.Missing + _collected.Missing;

    /// <summary>Reads the registry, and ends the slots that are due. Call it once a <see cref="Period"/>.</summary>
    /// <param name="isWatched">Whether somebody looks at the page: only then callbacks and collectors run.</param>
    /// <param name="cancellationToken">Ends a reading of another library.</param>
    public async Task ReadAsync(bool isWatched, CancellationToken cancellationToken = default)
    {
        Requests.Numbers.Clear();
        _ownSource.Begin();
        await _registry.WriteOwnToAsync(_reader, cancellationToken).ConfigureAwait(false);
        var found = _collected.Read(isWatched, _readings * Period, cancellationToken);
        var reading = ReadProcess();
        lock (_lock)
        {
            foreach (var window in _windows)
            {
                foreach (var series in found)
                    window.BeginAt(series);
                window.Add(reading);
            }
        }
    }

    /// <summary>Returns the slots of a window after a number that a viewer has; all for -1.</summary>
    public byte[][] SlotsAfter(Window window, long known)
    {
        lock (_lock)
            return window.After(known);
    }

    public IReadOnlyList<Window> Windows => _windows;

    // A slot is never shorter than the time between two readings.
    private Window Create(string name, int seconds, int step)
    {
        var readings = Math.Max(step / Period, 1);
        return new(name, readings, seconds / (readings * Period), Requests, _own);
    }

    private Reading ReadProcess() => new(
        _readings++,
        _clock.UnixSeconds(),
        _clock.GetElapsedTime(_started),
        MeasuresProcess ? ProcessReading.Try<double?>(() => Environment.CpuUsage.TotalTime.TotalSeconds) : null,
        MeasuresProcess ? ProcessReading.Try<double?>(() => Environment.WorkingSet) : null);
}
