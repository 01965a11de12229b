namespace Instrumentator;

/// <summary>Steps that run in order. Composing flattens, so a pipeline of any shape is one array.</summary>
internal sealed class Composition(Step[] steps) : Step
{
    public static Composition Empty { get; } = new([]);

    public ReadOnlySpan<Step> Steps => steps;

    public override string Name => string.Join(", ", steps.Select(step => step.Name));

    public override bool ReadsResponseStart => steps.Any(step => step.ReadsResponseStart);

    public override IEnumerable<RequestLabel> Labels => steps.SelectMany(step => step.Labels);

    /// <summary>Returns the steps of a composition, or one step for any other function.</summary>
    public static ReadOnlySpan<Step> Flatten(Func<Info, Unit> function) =>
        Of(function) is var step && step is Composition composition ? composition.Steps : new[] { step };

    public override bool Record(in Info info, ref Slot slot)
    {
        var slots = SlotsOf(ref slot, steps.Length);
        for (var i = 0; i < steps.Length; i++)
        {
            if (!steps[i].Record(info, ref slots[i]))
                return false;
        }
        return true;
    }

    /// <summary>Returns the slots of the inner steps, stored in the outer slot.</summary>
    public static Slot[] SlotsOf(ref Slot slot, int count) => (Slot[])(slot.Value ??= new Slot[count]);
}
