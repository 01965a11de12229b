using System.Globalization;
using System.IO.Compression;
using System.Text;
using Instrumentator.Testing;

namespace Instrumentator.Attack;

/// <summary>Finds scrapes in what a server answered, and judges each of them strictly.</summary>
internal static class ScrapeJudge
{
    private static readonly string[] _types =
    [
        .. ExpositionFormat.All.Select(format => format.ContentType.Split(';')[0]),
    ];

    /// <summary>Judges every whole scrape of an answer.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="FormatException">One of them is none.</exception>
    public static int Judge(byte[] answer)
    {
        var scrapes = 0;
        foreach (var (head, body) in Bodies(answer))
            scrapes += TryJudge(head, body) ? 1 : 0;
        return scrapes;
    }

    /// <summary>Judges one scrape.</summary>
    /// <exception cref="FormatException">It breaks a rule of its format.</exception>
    public static void Judge(string contentType, byte[] body)
    {
        if (contentType.StartsWith("application/vnd.google.protobuf", StringComparison.Ordinal))
            CheckDelimited(body);
        else if (contentType.StartsWith("application/openmetrics-text", StringComparison.Ordinal))
            ParsedScrape.OpenMetrics(Encoding.UTF8.GetString(body), quotedNames: true);
        else
            ParsedScrape.Prometheus(Encoding.UTF8.GetString(body), quotedNames: true);
    }

    // What has a length and came whole. The answer to HEAD has a length, too, and nothing behind it but the next
    // answer.
    private static IEnumerable<(string Head, byte[] Body)> Bodies(byte[] answer)
    {
        for (var at = 0; answer.AsSpan(at).IndexOf("HTTP/1.1 "u8) is var found and >= 0;)
        {
            at += found;
            var length = answer.AsSpan(at).IndexOf("\r\n\r\n"u8);
            if (length < 0)
                yield break;
            var head = Encoding.Latin1.GetString(answer, at, length);
            at += length + 4;
            if (
                Header(head, "Content-Length") is { } size
                && int.Parse(size, CultureInfo.InvariantCulture) is var bytes
                && at + bytes <= answer.Length
                && !answer.AsSpan(at).StartsWith("HTTP/1.1 "u8))
            {
                yield return (head, answer[at..(at + bytes)]);
            }
        }
    }

    private static bool TryJudge(string head, byte[] body)
    {
        if (Encoding.UTF8.GetString(body).StartsWith("The metrics could not be rendered", StringComparison.Ordinal))
            throw new FormatException("A scrape failed.");
        if (
            !head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            || Header(head, "Content-Type") is not { } type
            || !type.Contains("version=", StringComparison.Ordinal)
                && !type.Contains("proto=", StringComparison.Ordinal)
            || !_types.Contains(type.Split(';')[0]))
        {
            return false;
        }

        Judge(type, Header(head, "Content-Encoding") == "gzip" ? Decompress(body) : body);
        return true;
    }

    private static string? Header(string head, string name) => head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    private static byte[] Decompress(byte[] body)
    {
        using var stream = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return plain.ToArray();
    }

    // Messages with their lengths before them; what is in them is the business of other tests.
    private static void CheckDelimited(byte[] body)
    {
        var at = 0;
        while (at < body.Length)
        {
            var (length, shift) = (0, 0);
            do
                length |= (body[at] & 0x7f) << shift;
            while (body[at++] >= 0x80 && (shift += 7) < 32);
            at += length;
        }
        if (at != body.Length)
            throw new FormatException("The last message of a scrape is not whole.");
    }
}
