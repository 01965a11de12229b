using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>The request as metric functions, and functions of <see cref="RequestLabel.From"/>, can read it.</summary>
/// <remarks>It reads the live request, so it is valid until the function returns. A missing value reads as null or
/// empty text.</remarks>
public readonly record struct RequestView
{
    private readonly Exchange _exchange;

    internal RequestView(Exchange exchange) => _exchange = exchange;

    /// <summary>The adapter's own object for the request, for example an <c>HttpContext</c>; null when there is
    /// none.</summary>
    public object? Source => _exchange.Source;

    /// <summary>The path, without the query.</summary>
    /// <remarks>Clients choose it: never use it as a label as it is.</remarks>
    public string Path => _exchange is { Source: { } source, Reader: { } reader } ? reader.Path(source) : "";

    /// <summary>Returns a request header, its values joined by commas, or null when it is missing.</summary>
    /// <param name="name">The name of the header, in any case.</param>
    public string? Header(string name) =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.RequestHeader(source, name) : null;
}
