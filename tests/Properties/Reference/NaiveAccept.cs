using System.Globalization;
using System.Text.RegularExpressions;

namespace Instrumentator.Properties.Reference;

/// <summary>Chooses a format the obvious way: parses each item of the header to a record, finds the item that applies
/// to each format, and sorts the formats.</summary>
internal static partial class NaiveAccept
{
    // Parameters has those that distinguish formats; a missing one is null.
    private sealed record Item(int Place, string Type, string?[] Parameters, string? Escaping, double Weight)
    {
        public int Precision(Item format) =>
            Parameters.Zip(format.Parameters).Any(pair => pair.First is not null && pair.First != pair.Second) ? 0
            : Type == format.Type ? 3 + Parameters.Count(one => one is not null)
            : Type == format.Type.Split('/')[0] + "/*" ? 2
            : Type == "*/*" ? 1
            : 0;
    }

    private static readonly Dictionary<string, NameEscaping> _escapings = new(StringComparer.Ordinal)
    {
        ["allow-utf-8"] = NameEscaping.AllowUtf8,
        ["underscores"] = NameEscaping.Underscores,
        ["dots"] = NameEscaping.Dots,
        ["values"] = NameEscaping.Values,
    };

    public static ExpositionFormat Choose(params string[] lines)
    {
        var items = lines.SelectMany(line => Parts(line, ',')).Take(32).Select(Read).ToArray();
        return ExpositionFormat.All
            .Select(format => (Format: format, Item: Speaker(items, Read(format.ContentType, 0))))
            .Where(choice => choice.Item?.Weight > 0)
            .OrderByDescending(choice => choice.Item!.Weight).ThenBy(choice => choice.Item!.Place)
            .Select(choice =>
                choice.Item!.Escaping is { } escaping && _escapings.TryGetValue(escaping, out var scheme)
                    ? choice.Format.With(scheme)
                    : choice.Format)
            .FirstOrDefault(ExpositionFormat.All[0]);
    }

    private static Item? Speaker(Item[] items, Item format) => items
        .Select(item => (Item: item, Precision: item.Precision(format)))
        .Where(match => match.Precision > 0)
        .OrderByDescending(match => match.Precision)
        .ThenByDescending(match => match.Item.Weight)
        .ThenBy(match => match.Item.Place)
        .Select(match => match.Item)
        .FirstOrDefault();

    private static Item Read(string text, int place)
    {
        var parts = Parts(text, ';').ToArray();
        var parameters = parts.Skip(1)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1].Trim('"'));
        string?[] distinguishing =
        [
            .. new[] { "version", "proto", "encoding" }
                .Select(name => parameters[name].FirstOrDefault() is { Length: > 0 } value ? value : null),
        ];
        return new Item(
            place,
            parts.FirstOrDefault("").ToLowerInvariant(),
            distinguishing,
            parameters["escaping"].FirstOrDefault(),
            Weight(parameters["q"].FirstOrDefault()));
    }

    private static double Weight(string? text) => string.IsNullOrEmpty(text) ? 1
        : Decimal().IsMatch(text) && double.Parse(text, CultureInfo.InvariantCulture) is var weight and <= 1 ? weight
        : 0;

    private static IEnumerable<string> Parts(string text, char separator)
    {
        var pieces = Quoted().Matches(text).Select(match => match.Value);
        var parts = new List<string> { "" };
        foreach (var piece in pieces)
        {
            if (piece == separator.ToString())
                parts.Add("");
            else
                parts[^1] += piece;
        }

        // The last separator ends an item; it does not start another one.
        return (parts is [.., ""] ? parts.SkipLast(1) : parts).Select(part => part.Trim());
    }

    // A quoted string, whose closing quote may be missing, or one character.
    [GeneratedRegex(
        """\"(?:[^\\"]|\\.|\\\z)*(?:\"|\z)|.""",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        10_000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\A(?=.{1,24}\z)(?:[0-9]+\.?[0-9]*|\.[0-9]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Decimal();
}
