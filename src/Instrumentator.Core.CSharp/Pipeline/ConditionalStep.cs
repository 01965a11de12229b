namespace Instrumentator;

/// <summary>A step that runs for some requests only.</summary>
internal sealed class ConditionalStep(Func<Info, bool> condition, Step inner) : Step
{
    public override string Name => inner.Name;

    // The condition may read it.
    public override bool ReadsResponseStart => true;

    public override IEnumerable<RequestLabel> Labels => inner.Labels;

    public override void Record(in Info info, ref Slot slot)
    {
        if (condition(info))
            inner.Record(info, ref slot);
    }
}
