namespace Instrumentator;

/// <summary>A request and its response as an adapter holds them: its own object, and how to read it.</summary>
/// <param name="Source">The adapter's object, an <c>HttpContext</c> for one; null where there is none.</param>
/// <param name="Reader">What reads it; null where there is nothing to read.</param>
/// <remarks>Two references and no copy, so that passing it on allocates nothing. It is good while the request is.</remarks>
public readonly record struct Exchange(object? Source, ExchangeReader? Reader);

/// <summary>How an adapter's request and response are read. One instance serves all requests.</summary>
/// <remarks>The methods are called from many threads and must not throw for any name.</remarks>
public abstract class ExchangeReader
{
    /// <summary>The path of the request, without the query.</summary>
    public abstract string Path(object source);

    /// <summary>The request header of that name, its values joined by commas; null when there is none.</summary>
    public abstract string? RequestHeader(object source, string name);

    /// <summary>The response header of that name, its values joined by commas; null when there is none.</summary>
    public abstract string? ResponseHeader(object source, string name);

    /// <summary>The response body that was kept for this request; empty when none was.</summary>
    public abstract ReadOnlyMemory<byte> ResponseBody(object source);
}
