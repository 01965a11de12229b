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

    /// <summary>The scheme, <c>http</c> or <c>https</c>.</summary>
    /// <remarks>A proxy or a client may choose it: never use it as a label as it is, but
    /// <see cref="RequestLabel.Scheme"/>.</remarks>
    public string Scheme => _exchange is { Source: { } source, Reader: { } reader } ? reader.Scheme(source) : "";

    /// <summary>The protocol, such as <c>HTTP/1.1</c> and <c>HTTP/2</c>.</summary>
    public string Protocol => _exchange is { Source: { } source, Reader: { } reader } ? reader.Protocol(source) : "";

    internal Exception? HandledException =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.HandledException(source) : null;

    internal bool IsUnhandled => _exchange is { Source: { } source, Reader: { } reader } && reader.IsUnhandled(source);

    internal string? GrpcStatus =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.GrpcStatus(source) : null;

    /// <summary>Returns a request header, its values joined by commas, or null when it is missing.</summary>
    /// <param name="name">The name of the header, in any case.</param>
    public string? Header(string name) =>
        _exchange is { Source: { } source, Reader: { } reader } ? reader.RequestHeader(source, name) : null;
}
