namespace Instrumentator;

/// <summary>The rule for the method label: a closed set, because clients choose the method (CVE-2022-21698).</summary>
/// <remarks>The set is that of RFC 9110, section 9, with PATCH (RFC 5789) and QUERY. Matching ignores case, as the
/// routing of ASP.NET Core does.</remarks>
internal static class MethodLabel
{
    /// <summary>The label of all methods outside the set.</summary>
    public const string Other = "_OTHER";

    private static readonly string[] _known =
        ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"];

    /// <summary>Returns the label of a method.</summary>
    /// <param name="method">The method as the client sent it; any text is accepted.</param>
    /// <param name="config">Defines the <see cref="Config.ExtraMethods"/>.</param>
    public static string Of(string? method, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var labels = All(config);
        return labels[IndexOf(method, labels)];
    }

    /// <summary>Returns all possible labels, each once regardless of case; the first is <see cref="Other"/>.</summary>
    internal static string[] All(Config config) =>
        [.. _known.Prepend(Other).Concat(config.ExtraMethods).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns the index of a method's label in <paramref name="labels"/>; 0, the other label, when it is not
    /// there.</summary>
    internal static int IndexOf(string? method, string[] labels)
    {
        if (method is null)
            return 0;

        // Servers pass the same string each time, so comparing references is nearly always enough.
        for (var i = 1; i < labels.Length; i++)
        {
            if (ReferenceEquals(labels[i], method))
                return i;
        }

        return IndexOfSlow(method, labels);
    }

    private static int IndexOfSlow(string? method, string[] labels)
    {
        for (var i = 1; i < labels.Length; i++)
        {
            if (string.Equals(labels[i], method, StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return 0;
    }

    // RFC 9110, 5.6.2: a method is a token.
    internal static bool IsToken(string? method) =>
        !string.IsNullOrEmpty(method)
        && method.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
