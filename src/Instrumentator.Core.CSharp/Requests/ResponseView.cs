namespace Instrumentator;

/// <summary>The response as a metric function may read it.</summary>
/// <remarks>It reads the live response, so it is good until the metric function returns. Reading what is not there gives null or nothing.</remarks>
public readonly record struct ResponseView
{
    private readonly Exchange _exchange;

    internal ResponseView(Exchange exchange) => _exchange = exchange;

    /// <summary>The body's first bytes, where <see cref="Config.BodyHandlers"/> names the handler; else empty.</summary>
    public ReadOnlyMemory<byte> Body => _exchange is { Source: { } source, Reader: { } reader } ? reader.ResponseBody(source) : default;

    /// <summary>The header of that name, its values joined by commas; null when there is none.</summary>
    /// <param name="name">The name, in any case.</param>
    public string? Header(string name) => _exchange is { Source: { } source, Reader: { } reader } ? reader.ResponseHeader(source, name) : null;
}
