namespace Instrumentator;

/// <summary>The user's function that makes labels of exemplars, guarded as metric functions are: it never throws, and one that hangs holds so many requests and no more.</summary>
internal sealed class GuardedLabels(Func<Info, ValueList<Label>> labels, FunctionErrors errors)
{
    private readonly Bulkhead _bulkhead = Bulkhead.Of(labels);

    /// <summary>The labels of a request; empty where there are none.</summary>
    public ValueList<Label> Of(Info info)
    {
        if (!_bulkhead.TryEnter())
        {
            errors.Skipped();
            return [];
        }
        try
        {
            return labels(info) ?? [];
        }
#pragma warning disable CA1031 // Whatever the function throws, the request must not feel it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            errors.Threw(e);
            return [];
        }
        finally
        {
            _bulkhead.Leave();
        }
    }
}
