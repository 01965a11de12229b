using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <c>Accept</c> header: RFC 9110, 12.5.1.</summary>
/// <remarks>
/// Of a media range's parameters only the version counts: one that names another version than a format's is not about it. Whatever else
/// one asks for (<c>escaping=allow-utf-8</c>, say) is true of our names as they are.
/// </remarks>
internal static class Accept
{
    /// <summary>The format that a reader wants most; of those that it wants as much, the one it names first. The first of ours where it wants none.</summary>
    public static ExpositionFormat Choose(StringValues header)
    {
        var (chosen, most) = (ExpositionFormat.All[0], default(Wish));
        foreach (var format in ExpositionFormat.All.Span)
        {
            var wish = Find(header, new HeaderItem(format.ContentType));
            if (wish.Weight > most.Weight || wish.Weight > 0 && wish.Weight == most.Weight && wish.Place < most.Place)
                (chosen, most) = (format, wish);
        }
        return chosen;
    }

    /// <summary>What the most precise of the ranges says of a format; of those that are as precise, the one that wants it most.</summary>
    private static Wish Find(StringValues header, HeaderItem format)
    {
        var (found, best, place) = (default(Wish), 0, 0);
        foreach (var range in new HeaderItems(header))
        {
            var precision = Precision(range, format);
            if (precision > best || precision == best && precision > 0 && range.Weight > found.Weight)
                (found, best) = (new Wish(range.Weight, place), precision);
            place++;
        }
        return found;
    }

    /// <summary>How precisely a range names a format; 0 when it does not.</summary>
    private static int Precision(HeaderItem range, HeaderItem format)
    {
        var version = range.Parameter("version");
        if (!version.IsEmpty && !version.Equals(format.Parameter("version"), StringComparison.Ordinal))
            return 0;
        if (range.Value.Equals(format.Value, StringComparison.OrdinalIgnoreCase))
            return version.IsEmpty ? 3 : 4;
        var isAnyOfType = range.Value.EndsWith("/*") && format.Value.StartsWith(range.Value[..^1], StringComparison.OrdinalIgnoreCase);
        return isAnyOfType ? 2 : range.Value is "*/*" ? 1 : 0;
    }

    /// <summary>What a reader says of a format: how much it wants it, and where in the header that stands.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Wish(double Weight, int Place);
}
