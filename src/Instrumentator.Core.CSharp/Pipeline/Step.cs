namespace Instrumentator;

/// <summary>A metric function as a pipeline runs it: without copying <see cref="Info"/>, and with a slot that caches
/// its lookups.</summary>
internal abstract class Step
{
    /// <summary>Whether it reads <see cref="Info.DurationWithoutStreaming"/>, so that an adapter must record when
    /// responses start.</summary>
    public abstract bool ReadsResponseStart { get; }

    /// <summary>The request labels that it uses, as far as they are known.</summary>
    public virtual IEnumerable<RequestLabel> Labels => [];

    /// <summary>The built-in metrics that each request is recorded in, once the step is bound.</summary>
    public virtual IEnumerable<SeriesMetric> SeriesMetrics => [];

    /// <summary>Its name in a log.</summary>
    public abstract string Name { get; }

    /// <summary>What it records in, once it is bound: the families of built-in metrics, or the user's
    /// functions.</summary>
    public virtual IEnumerable<object> Targets => [];

    /// <summary>Whether it runs once in an instrumentation, however often it is added.</summary>
    public virtual bool CountsOnce => false;

    /// <summary>Returns the errors that binding to a registry would report.</summary>
    /// <param name="utf8Names">Whether that registry allows names of any text.</param>
    public virtual IEnumerable<string> Validate(bool utf8Names) => [];

    /// <summary>Returns the step that an instrumentation with this registry runs: built-in metrics register their
    /// families, and user functions stay as they are.</summary>
    /// <param name="registry">The registry of the instrumentation.</param>
    /// <param name="sizes">The source of body sizes, which help texts tell.</param>
    /// <exception cref="InvalidConfigException">A definition is invalid.</exception>
    /// <exception cref="InvalidOperationException">A name is taken by another definition.</exception>
    public virtual Step Bind(Registry registry, BodySizes sizes) => this;

    /// <summary>Records one request. Requests with the same labels share a slot; two threads may race for it, and
    /// either may win.</summary>
    /// <returns>False when a user function was skipped because it hangs.</returns>
    public abstract bool Record(in Info info, ref Slot slot);

    /// <summary>Returns this step as a composable function. Its target is this step, so a pipeline finds it
    /// again.</summary>
    public Func<Info, Unit> ToFunction() => Invoke;

    /// <summary>Returns the step of a function, or a new one around it. Functions that <c>+</c> combined are a
    /// composition.</summary>
    public static Step Of(Func<Info, Unit> function) =>
        !function.HasSingleTarget ? Composition.Of(function.GetInvocationList().Cast<Func<Info, Unit>>())
            : function.Target as Step ?? new FunctionStep(function, function);

    private Unit Invoke(Info info)
    {
        Slot none = default;
        return Record(info, ref none) ? Unit.Value
            : throw new InvalidOperationException(
                $"{Name} was skipped because a run of it, or of its condition, has not ended after 250 ms, or too many "
                + "have not ended: it hangs or is too slow. It must not block.");
    }
}

/// <summary>A step that runs a user function.</summary>
/// <param name="function">The function to run.</param>
/// <param name="original">The user's delegate, for its name and bulkhead.</param>
/// <param name="name">The name that the user chose; null for that of the delegate.</param>
internal sealed class FunctionStep(Func<Info, Unit> function, Delegate original, string? name = null) : Step
{
    private readonly Bulkhead _bulkhead = Bulkhead.Of(original);

    // A user function may read it.
    public override bool ReadsResponseStart => true;

    public override string Name => name ?? FunctionName.Of(original);

    public override IEnumerable<object> Targets => [original];

    public override bool Record(in Info info, ref Slot slot)
    {
        if (!_bulkhead.TryEnter(out var place))
            return false;
        try
        {
            function(info);
        }
        finally
        {
            _bulkhead.Leave(place);
        }
        return true;
    }
}
