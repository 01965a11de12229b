namespace Instrumentator;

/// <summary>What becomes of a request that matched no route: one of three choices.</summary>
public abstract record Untemplated
{
    private Untemplated() { }

    /// <summary>Such requests leave no trace.</summary>
    public static Untemplated Ignore { get; } = new Ignored();

    /// <summary>All such requests are one handler.</summary>
    /// <param name="handler">The label; the default is <c>none</c>. Empty text stands for no label, as readers of Prometheus's formats take it.</param>
    public static Untemplated Group(string handler = "none") => new Grouped(handler);

    /// <summary>The path becomes the label, for the first paths that are seen; the rest is grouped as <c>none</c>.</summary>
    /// <param name="limit">How many different paths become labels at the most; the default is 100.</param>
    /// <remarks>Clients choose paths: without the limit they could fill the memory.</remarks>
    public static Untemplated Path(int limit = 100) => new ByPath(limit);

    /// <summary>All are one handler.</summary>
    /// <param name="Handler">The label.</param>
    public sealed record Grouped(string Handler) : Untemplated;

    /// <summary>They leave no trace.</summary>
    public sealed record Ignored : Untemplated;

    /// <summary>The path is the label.</summary>
    /// <param name="Limit">How many different paths become labels at the most.</param>
    public sealed record ByPath(int Limit) : Untemplated;
}
