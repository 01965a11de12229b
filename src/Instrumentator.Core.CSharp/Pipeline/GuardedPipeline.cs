namespace Instrumentator;

/// <summary>The isolated steps of an instrumentation: an exception in one stops no other step and never reaches the
/// request.</summary>
internal sealed class GuardedPipeline
{
    private readonly Step[] _steps;
    private readonly SeriesStep? _series;
    private readonly FunctionErrors[] _errors;

    /// <summary>Binds the steps of a metric function to a registry.</summary>
    /// <exception cref="InvalidOperationException">A name is taken by another definition.</exception>
    public GuardedPipeline(Func<Info, Unit> function, Registry registry, BodySizes sizes, FunctionFailures failures)
    {
        // A built-in metric that is added twice is one, like its family.
        _steps =
        [
            .. SeriesStep.Join(Composition.Flatten(Step.Of(function).Bind(registry, sizes))
                .DistinctBy(step => step.CountsOnce ? step : new object()))
        ];
        _series = _steps is [SeriesStep { CannotFail: true } series] ? series : null;
        _errors = Array.ConvertAll(_steps, step => failures.Of(step, () => step.Name));
        ReadsResponseStart = _steps.Any(step => step.ReadsResponseStart);
    }

    public bool ReadsResponseStart { get; }

    /// <summary>Whether there are only built-in metrics, all in the built-in backend.</summary>
    public bool IsSeriesAlone => _series is not null;

    /// <summary>The request labels that the steps use.</summary>
    public IEnumerable<RequestLabel> Labels => _steps.SelectMany(step => step.Labels);

    /// <summary>The built-in metrics that each request is recorded in.</summary>
    public IEnumerable<SeriesMetric> SeriesMetrics => _steps.SelectMany(step => step.SeriesMetrics);

    /// <summary>What the steps record in: the families of built-in metrics, and the user's functions.</summary>
    public IEnumerable<object> Targets => _steps.SelectMany(step => step.Targets);

    /// <summary>Runs the steps. Built-in metrics alone need no guard.</summary>
    public void Record(in Info info, ref Slot slot)
    {
        if (_series is { } series)
            series.Record(info, ref slot);
        else
            RecordEach(info, ref slot);
    }

    private void RecordEach(in Info info, ref Slot slot)
    {
        var steps = _steps;
        var slots = Composition.SlotsOf(ref slot, steps.Length);
        var next = 0;
        while (next < steps.Length)
        {
            // One guard around the loop, not one for each step: entered again only after a failure.
            try
            {
                for (; next < steps.Length; next++)
                {
                    if (!steps[next].Record(info, ref slots[next]))
                        _errors[next].Skipped();
                }
            }
#pragma warning disable CA1031 // Whatever a metric function throws must not affect the request.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _errors[next].Threw(e);
                next++;
            }
        }
    }
}
