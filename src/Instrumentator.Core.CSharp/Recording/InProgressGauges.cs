namespace Instrumentator;

/// <summary>The gauge of requests in progress, or one for each handler and method.</summary>
internal sealed class InProgressGauges(InProgressOptions options, Registry registry)
{
    private readonly Family<Gauge> _family = registry.Register<Gauge>(options.Definition);

    public Gauge Of(string handler, string method) => _family.With(options.Selection.Values(handler, method, status: ""));
}
