using Instrumentator.Adapters;

namespace Instrumentator;

/// <summary>The response as metric functions can read it.</summary>
/// <remarks>It reads the live response, so it is valid until the metric function returns. A missing value reads as null
/// or empty.</remarks>
public readonly record struct ResponseView
{
    private readonly Exchange _exchange;

    internal ResponseView(Exchange exchange) => _exchange = exchange;

    /// <summary>The first bytes of the body when <see cref="Config.BodyHandlers"/> names the handler; otherwise
    /// empty.</summary>
    public ReadOnlyMemory<byte> Body =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.ResponseBody(source) : default;

    /// <summary>Returns a response header, its values joined by commas, or null when it is missing.</summary>
    /// <param name="name">The name of the header, in any case.</param>
    public string? Header(string name) =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.ResponseHeader(source, name) : null;
}
