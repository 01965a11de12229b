namespace Instrumentator;

/// <summary>Steps that run in order. Composing flattens, so a pipeline of any shape is one array.</summary>
internal sealed class Composition(Step[] steps) : Step
{
    private readonly Step[] _steps = steps;

    public static Composition Empty { get; } = new([]);

    public override string Name => string.Join(", ", _steps.Select(step => step.Name));

    public override IEnumerable<object> Targets => _steps.SelectMany(step => step.Targets);

    public override bool ReadsResponseStart => _steps.Any(step => step.ReadsResponseStart);

    public override IEnumerable<RequestLabel> Labels => _steps.SelectMany(step => step.Labels);

    public override IEnumerable<string> Validate(bool utf8Names) =>
        _steps.SelectMany(step => step.Validate(utf8Names));

    public override Step Bind(Registry registry, BodySizes sizes) =>
        new Composition(Array.ConvertAll(_steps, step => step.Bind(registry, sizes)));

    /// <summary>Returns the composition of some functions, in order.</summary>
    public static Composition Of(IEnumerable<Func<Info, Unit>> functions) =>
        new([.. functions.SelectMany(function => Flatten(Of(function)))]);

    /// <summary>Returns the steps of a composition, or the step itself.</summary>
    public static Step[] Flatten(Step step) => step is Composition composition ? composition._steps : [step];

    public override bool Record(in Info info, ref Slot slot)
    {
        var slots = SlotsOf(ref slot, _steps.Length);
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!_steps[i].Record(info, ref slots[i]))
                return false;
        }
        return true;
    }

    /// <summary>Returns the slots of the inner steps, stored in the outer slot.</summary>
    public static Slot[] SlotsOf(ref Slot slot, int count) => (Slot[])(slot.Value ??= new Slot[count]);
}
