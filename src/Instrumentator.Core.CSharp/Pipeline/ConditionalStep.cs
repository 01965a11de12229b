namespace Instrumentator;

/// <summary>A step that runs only if a condition holds.</summary>
internal sealed class ConditionalStep(Func<Info, bool> condition, Step inner) : Step
{
    private readonly Bulkhead _bulkhead = Bulkhead.Of(condition);

    public override string Name => inner.Name;

    public override IEnumerable<object> Targets => inner.Targets;

    // The condition may read it.
    public override bool ReadsResponseStart => true;

    public override IEnumerable<RequestLabel> Labels => inner.Labels;

    public override IEnumerable<string> Validate(bool utf8Names) => inner.Validate(utf8Names);

    public override Step Bind(Registry registry, BodySizes sizes) =>
        new ConditionalStep(condition, inner.Bind(registry, sizes));

    public override bool Record(in Info info, ref Slot slot)
    {
        if (!_bulkhead.TryEnter(out var place))
            return false;
        bool holds;
        try
        {
            holds = condition(info);
        }
        finally
        {
            _bulkhead.Leave(place);
        }
        return !holds || inner.Record(info, ref slot);
    }
}
