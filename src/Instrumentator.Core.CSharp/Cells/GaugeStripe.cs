namespace Instrumentator;

/// <summary>The ones that one thread adds to a gauge and takes off.</summary>
internal sealed class GaugeStripe
{
    private readonly Words _words = Page.Take(1);

    public long Own => _words.Whole(0);

    public void Add(long amount) => _words.Add(0, amount);
}
