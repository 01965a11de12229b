namespace Instrumentator;

/// <summary>The rule for requests that match no route: one of three choices.</summary>
public abstract record Untemplated
{
    private Untemplated() { }

    /// <summary>Gets the rule not to measure such requests.</summary>
    public static Untemplated Ignore { get; } = new Ignored();

    /// <summary>Returns the rule to record all such requests under one handler.</summary>
    /// <param name="handler">The handler label; the default is <c>none</c>. An empty value means no label, as in the
    /// Prometheus data model.</param>
    public static Untemplated Group(string handler = "none") => new Grouped(handler);

    /// <summary>Returns the rule to use the path as the label, up to a limit; further paths are grouped as
    /// <c>none</c>.</summary>
    /// <param name="limit">The maximum number of different paths that become labels in a registry; the default is
    /// 100.</param>
    /// <remarks>
    /// <para>Clients choose paths: without the limit, they could exhaust memory. A path of more than 1,024 UTF-16
    /// characters is cut to that length, and ends in <c>…</c>.</para>
    /// <para>The limit holds for all apps that share a registry, and for as long as the registry lives: when options
    /// change, paths with a label keep it. A lower limit then only keeps further paths from becoming labels.</para>
    /// </remarks>
    public static Untemplated Path(int limit = 100) => new ByPath(limit);

    /// <summary>All such requests share one handler.</summary>
    /// <param name="Handler">The handler label.</param>
    public sealed record Grouped(string Handler) : Untemplated;

    /// <summary>Such requests are not measured.</summary>
    public sealed record Ignored : Untemplated;

    /// <summary>The path is the label.</summary>
    /// <param name="Limit">The maximum number of different paths that become labels in a registry.</param>
    public sealed record ByPath(int Limit) : Untemplated;
}
