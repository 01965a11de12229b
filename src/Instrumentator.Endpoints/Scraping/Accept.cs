using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Format negotiation by the <c>Accept</c> header: RFC 9110, 12.5.1.</summary>
/// <remarks>
/// Only the parameters of a media range that distinguish formats count: a range with another version than that of a
/// format does not match the format. The parameter <c>escaping</c> of a range selects the escaping of names; an unknown
/// scheme counts as none.
/// </remarks>
internal static class Accept
{
    private const int OfExactType = 3;

    private static readonly string[] _telling = ["version", "proto", "encoding"];

    /// <summary>Returns the format that a reader prefers; among equally preferred formats, the one it lists first.
    /// Returns the first of all formats when the reader accepts none.</summary>
    public static ExpositionFormat Choose(StringValues header)
    {
        var (chosen, most) = (ExpositionFormat.All[0], default(Wish));
        foreach (var format in ExpositionFormat.All.Span)
        {
            var wish = Find(header, new HeaderItem(format.ContentType));
            if (wish.Weight > most.Weight || wish.Weight > 0 && wish.Weight == most.Weight && wish.Place < most.Place)
                (chosen, most) = (format, wish);
        }
        return most.Escaping is { } escaping ? chosen.With(escaping) : chosen;
    }

    /// <summary>Returns the wish of the most specific range that matches a format; among equally specific ranges, the
    /// one with the highest weight.</summary>
    private static Wish Find(StringValues header, HeaderItem format)
    {
        var (found, best, place) = (default(Wish), 0, 0);
        foreach (var range in new HeaderItems(header))
        {
            var precision = Precision(range, format);
            if (precision > best || precision == best && precision > 0 && range.Weight > found.Weight)
            {
                (found, best) = (
                    new Wish(range.Weight, place, EscapedName.SchemeOf(range.Parameter("escaping"))),
                    precision);
            }
            place++;
        }
        return found;
    }

    /// <summary>Returns how specifically a range matches a format; 0 when it does not.</summary>
    private static int Precision(HeaderItem range, HeaderItem format)
    {
        var told = 0;
        foreach (var name in _telling)
        {
            var parameter = range.Parameter(name);
            if (!parameter.IsEmpty && !parameter.Equals(format.Parameter(name), StringComparison.Ordinal))
                return 0;
            told += parameter.IsEmpty ? 0 : 1;
        }
        if (range.Value.Equals(format.Value, StringComparison.OrdinalIgnoreCase))
            return OfExactType + told;
        var isAnyOfType = range.Value.EndsWith("/*")
            && format.Value.StartsWith(range.Value[..^1], StringComparison.OrdinalIgnoreCase);
        return isAnyOfType ? 2 : range.Value is "*/*" ? 1 : 0;
    }

    /// <summary>A reader's preference for a format: its weight, its position in the header, and the escaping of
    /// names.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Wish(double Weight, int Place, NameEscaping? Escaping);
}
