namespace Instrumentator;

/// <summary>The request as a metric function, or that of a <see cref="RequestLabel.From"/>, may read it.</summary>
/// <remarks>It reads the live request, so it is good until the function returns. Reading what is not there gives null or empty text.</remarks>
public readonly record struct RequestView
{
    private readonly Exchange _exchange;

    internal RequestView(Exchange exchange) => _exchange = exchange;

    /// <summary>The adapter's own object for the request, an <c>HttpContext</c> for one; null where there is none.</summary>
    public object? Source => _exchange.Source;

    /// <summary>The path, without the query.</summary>
    /// <remarks>Clients choose it: never make it a label as it is.</remarks>
    public string Path => _exchange is { Source: { } source, Reader: { } reader } ? reader.Path(source) : "";

    /// <summary>The header of that name, its values joined by commas; null when there is none.</summary>
    /// <param name="name">The name, in any case.</param>
    public string? Header(string name) => _exchange is { Source: { } source, Reader: { } reader } ? reader.RequestHeader(source, name) : null;
}
