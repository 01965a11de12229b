namespace Instrumentator;

/// <summary>A metric function as a pipeline runs it: without copying <see cref="Info"/>, and with a slot for what it looked up.</summary>
internal abstract class Step
{
    /// <summary>Whether it reads <see cref="Info.DurationWithoutStreaming"/>, so that an adapter must note when responses begin.</summary>
    public abstract bool ReadsResponseStart { get; }

    /// <summary>The labels that it asks of requests, as far as anybody knows.</summary>
    public virtual IEnumerable<RequestLabel> Labels => [];

    /// <summary>What it is called in a log.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it counts once in an instrumentation, however often it was added.</summary>
    public virtual bool CountsOnce => false;

    /// <summary>Records one request. The slot is the same one for the same labels; two threads may race for it, and either may win.</summary>
    /// <returns>False when a function of the user's was left out, as too many runs of it have not ended.</returns>
    public abstract bool Record(in Info info, ref Slot slot);

    /// <summary>This step as the function that users compose. Its target is this step, so a pipeline finds it again.</summary>
    public Func<Info, Unit> ToFunction() => Invoke;

    /// <summary>The step behind a function: its own, or a new one around it. Functions that were added by <c>+</c> have one target each, so they stay a function.</summary>
    public static Step Of(Func<Info, Unit> function) =>
        function.HasSingleTarget && function.Target is Step step ? step : new FunctionStep(function, function);

    private Unit Invoke(Info info)
    {
        Slot none = default;
        return Record(info, ref none) ? Unit.Value
            : throw new InvalidOperationException($"{Name} was left out: too many runs of it, or of its condition, have not ended, so it hangs or is too slow. Let it wait for nothing.");
    }
}

/// <summary>A function of the user's.</summary>
/// <param name="function">What runs.</param>
/// <param name="original">What the user wrote, for its name.</param>
internal sealed class FunctionStep(Func<Info, Unit> function, Delegate original) : Step
{
    private readonly Bulkhead _bulkhead = Bulkhead.Of(original);

    // Nobody can know what it reads.
    public override bool ReadsResponseStart => true;

    public override string Name => FunctionFailures.NameOf(original);

    public override bool Record(in Info info, ref Slot slot)
    {
        if (!_bulkhead.TryEnter())
            return false;
        try
        {
            function(info);
        }
        finally
        {
            _bulkhead.Leave();
        }
        return true;
    }
}
