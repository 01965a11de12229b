namespace Instrumentator.Tests;

/// <summary>A collector that a test controls: each collection waits until the test completes it.</summary>
internal sealed class HeldCollector : IMetricCollector
{
    private static readonly FamilyDefinition _definition = new("held", "Which look it was.", MetricKind.Gauge, [], []);

    private readonly List<Look> _looks = [];

    /// <summary>Gets the number of collections so far.</summary>
    public int Count
    {
        get
        {
            lock (_looks)
                return _looks.Count;
        }
    }

    /// <summary>Gets a collection by its index.</summary>
    public Look this[int index]
    {
        get
        {
            lock (_looks)
                return _looks[index];
        }
    }

    public async ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
    {
        var look = new Look(cancellationToken);
        lock (_looks)
            _looks.Add(look);
        return [new(_definition, [new(LabelSet.Empty, new SampleValue.Gauge(await look.End))])];
    }

    /// <summary>One look. It does not mind that it is cancelled.</summary>
    internal sealed class Look(CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<double> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<double> End => _end.Task;

        public bool IsGivenUp => cancellationToken.IsCancellationRequested;

        public void Finish(double value = 1) => _end.SetResult(value);

        public void Fail(Exception exception) => _end.SetException(exception);
    }
}
