namespace Instrumentator;

/// <summary>A metric function as a pipeline runs it: without copying <see cref="Info"/>, and with a slot for what it looked up.</summary>
internal abstract class Step
{
    /// <summary>Whether it reads <see cref="Info.DurationWithoutStreaming"/>, so that an adapter must note when responses begin.</summary>
    public abstract bool ReadsResponseStart { get; }

    /// <summary>Records one request. The slot is the same one for the same labels; two threads may race for it, and either may win.</summary>
    public abstract void Record(in Info info, ref Slot slot);

    /// <summary>This step as the function that users compose. Its target is this step, so a pipeline finds it again.</summary>
    public Func<Info, Unit> ToFunction() => Invoke;

    /// <summary>The step behind a function: its own, or a new one around it.</summary>
    public static Step Of(Func<Info, Unit> function) => function.Target as Step ?? new FunctionStep(function);

    private Unit Invoke(Info info)
    {
        Slot none = default;
        Record(info, ref none);
        return Unit.Value;
    }
}

/// <summary>A function of the user's.</summary>
internal sealed class FunctionStep(Func<Info, Unit> function) : Step
{
    // Nobody can know what it reads.
    public override bool ReadsResponseStart => true;

    public Func<Info, Unit> Function => function;

    public override void Record(in Info info, ref Slot slot) => function(info);
}
