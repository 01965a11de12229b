namespace Instrumentator;

/// <summary>The rule of the method label: a closed set, since clients choose the method (CVE-2022-21698).</summary>
/// <remarks>The set is that of RFC 9110, section 9, with PATCH (RFC 5789) and QUERY; case is ignored, as ASP.NET Core's routing ignores it.</remarks>
public static class MethodLabel
{
    /// <summary>The label of all methods outside the set.</summary>
    public const string Other = "_OTHER";

    private static readonly string[] _known = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY"];

    /// <summary>The label of a method.</summary>
    /// <param name="method">The method as it was sent; anything goes.</param>
    /// <param name="config">Tells the <see cref="Config.ExtraMethods"/>.</param>
    public static string Of(string? method, Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var labels = All(config);
        return labels[IndexOf(method, labels)];
    }

    /// <summary>All labels there can be, each once whatever its case; the first is <see cref="Other"/>.</summary>
    internal static string[] All(Config config) =>
        [.. _known.Prepend(Other).Concat(config.ExtraMethods).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Where a method's label stands among <paramref name="labels"/>; 0, the other, when it is not there.</summary>
    internal static int IndexOf(string? method, string[] labels)
    {
        if (method is null)
            return 0;

        // Servers hand over the same string each time, so a reference is nearly always enough.
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
        !string.IsNullOrEmpty(method) && method.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
