using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <c>Accept-Encoding</c> header: RFC 9110, 12.5.3.</summary>
internal static class AcceptEncoding
{
    public const string Gzip = "gzip";

    // A client may send thousands of items; no honest one needs more than a few.
    private const int MostItems = 32;

    /// <summary>Whether gzip is named, and not with a weight of 0. <c>*</c> does not name it.</summary>
    public static bool TakesGzip(StringValues header)
    {
        foreach (var line in header)
        {
            var left = MostItems;
            foreach (var item in line.AsSpan().Split(','))
            {
                if (left-- == 0)
                    return false;
                if (NamesGzip(line.AsSpan()[item]))
                    return true;
            }
        }
        return false;
    }

    private static bool NamesGzip(ReadOnlySpan<char> item)
    {
        var weightAt = item.IndexOf(';');
        var coding = (weightAt < 0 ? item : item[..weightAt]).Trim();

        // RFC 9110, 8.4.1.3: x-gzip is the same.
        return (coding is Gzip or "x-gzip") && (weightAt < 0 || Weight(item[(weightAt + 1)..]) > 0);
    }

    private static double Weight(ReadOnlySpan<char> parameter)
    {
        parameter = parameter.Trim();
        return parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var weight) ? weight : 1;
    }
}
