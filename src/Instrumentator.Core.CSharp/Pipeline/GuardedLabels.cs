namespace Instrumentator;

/// <summary>The user's function that creates the labels of exemplars, guarded like a metric function: it never throws,
/// and one that hangs holds a limited number of requests.</summary>
internal sealed class GuardedLabels(Func<Info, ValueList<Label>> labels, FunctionErrors errors)
{
    private readonly Bulkhead _bulkhead = Bulkhead.Of(labels);

    /// <summary>Returns the labels of a request; empty for none.</summary>
    public ValueList<Label> Of(Info info)
    {
        if (!_bulkhead.TryEnter(out var place))
        {
            errors.Skipped();
            return [];
        }
        try
        {
            return labels(info) ?? [];
        }
#pragma warning disable CA1031 // Whatever the function throws must not affect the request.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors.Threw(e);
            return [];
        }
        finally
        {
            _bulkhead.Leave(place);
        }
    }
}
