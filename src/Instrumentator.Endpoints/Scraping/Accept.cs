using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;

namespace Instrumentator;

/// <summary>Reads an <c>Accept</c> header: RFC 9110, 12.5.1.</summary>
/// <remarks>
/// Of a media range's parameters those count that tell formats apart: one that names another version than a format's is not about it. What a range says of
/// <c>escaping</c> is how its reader takes names; an unknown scheme is as good as none.
/// </remarks>
internal static class Accept
{
    private const int OfExactType = 3;

    private static readonly string[] _telling = ["version", "proto", "encoding"];

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
        return most.Escaping is { } escaping ? chosen.With(escaping) : chosen;
    }

    /// <summary>What the most precise of the ranges says of a format; of those that are as precise, the one that wants it most.</summary>
    private static Wish Find(StringValues header, HeaderItem format)
    {
        var (found, best, place) = (default(Wish), 0, 0);
        foreach (var range in new HeaderItems(header))
        {
            var precision = Precision(range, format);
            if (precision > best || precision == best && precision > 0 && range.Weight > found.Weight)
                (found, best) = (new Wish(range.Weight, place, EscapedName.SchemeOf(range.Parameter("escaping"))), precision);
            place++;
        }
        return found;
    }

    /// <summary>How precisely a range names a format; 0 when it does not.</summary>
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
        var isAnyOfType = range.Value.EndsWith("/*") && format.Value.StartsWith(range.Value[..^1], StringComparison.OrdinalIgnoreCase);
        return isAnyOfType ? 2 : range.Value is "*/*" ? 1 : 0;
    }

    /// <summary>What a reader says of a format: how much it wants it, where in the header that stands, and how it takes names.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Wish(double Weight, int Place, NameEscaping? Escaping);
}
