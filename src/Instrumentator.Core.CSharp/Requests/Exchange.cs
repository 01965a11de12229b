namespace Instrumentator.Adapters;

/// <summary>A request and its response in an adapter, which connects a web framework to the core: the adapter's own
/// object and its reader.</summary>
/// <param name="Source">The adapter's object, for example an <c>HttpContext</c>; null when there is none.</param>
/// <param name="Reader">Reads the object; null when there is nothing to read.</param>
/// <remarks>Holds two references and copies nothing, so passing it on does not allocate. It is valid for as long as the
/// request is.</remarks>
public readonly record struct Exchange(object? Source, ExchangeReader? Reader);

/// <summary>A reader of an adapter's requests and responses. One instance serves all requests.</summary>
/// <remarks>Many threads call the methods, which must not throw for any name. They are called only for an exchange with
/// a source.</remarks>
public abstract class ExchangeReader
{
    /// <summary>Returns the path of the request, without the query.</summary>
    public abstract string Path(object source);

    /// <summary>Returns the scheme of the request, such as <c>https</c>.</summary>
    public abstract string Scheme(object source);

    /// <summary>Returns the protocol of the request, such as <c>HTTP/1.1</c> and <c>HTTP/2</c>.</summary>
    public abstract string Protocol(object source);

    /// <summary>Returns a request header, its values joined by commas, or null when it is missing.</summary>
    public abstract string? RequestHeader(object source, string name);

    /// <summary>Returns a response header, its values joined by commas, or null when it is missing.</summary>
    public abstract string? ResponseHeader(object source, string name);

    /// <summary>Returns the response body that was kept for this request; empty when none was.</summary>
    public abstract ReadOnlyMemory<byte> ResponseBody(object source);

    /// <summary>Returns the exception for which an error handler of the app made the response; null when there was
    /// none.</summary>
    public abstract Exception? HandledException(object source);

    /// <summary>Returns whether the request went through the whole app and nothing handled it.</summary>
    public abstract bool IsUnhandled(object source);

    /// <summary>Returns the code of the gRPC status of the response, such as <c>0</c>; null when the request is no gRPC
    /// call.</summary>
    public abstract string? GrpcStatus(object source);
}
