using Microsoft.Extensions.Primitives;

namespace Instrumentator.Parity;

/// <summary>Formats values as scenarios do.</summary>
internal static class Texts
{
    public static string? Of(StringValues header) => header.Count == 0 ? null : header.ToString();

    public static string? Of(Exception? exception) =>
        exception is null ? null : $"{exception.GetType().Name}: {exception.Message}";
}
