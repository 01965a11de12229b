using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Negotiation by the <c>Accept-Encoding</c> header: RFC 9110, 12.5.3.</summary>
internal static class AcceptEncoding
{
    public const string Gzip = "gzip";

    /// <summary>Returns whether the header names gzip with a weight above 0. <c>*</c> does not name it.</summary>
    public static bool TakesGzip(StringValues header)
    {
        foreach (var item in new HeaderItems(header))
        {
            if (NamesGzip(item.Value) && item.Weight > 0)
                return true;
        }
        return false;
    }

    // RFC 9110, 8.4.1: names are case-insensitive, and x-gzip is equivalent.
    private static bool NamesGzip(ReadOnlySpan<char> coding) =>
        coding.Equals(Gzip, StringComparison.OrdinalIgnoreCase)
        || coding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);
}
