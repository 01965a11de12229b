namespace Instrumentator;

/// <summary>The numbers of a row: the requests of a handler with a method, or all requests.</summary>
internal sealed record RowNumbers(Range Range)
{
    private const int FirstBucket = 5;

    public int Requests => Range.Start.Value;

    public int ClientErrors => Requests + 1;

    public int ServerErrors => Requests + 2;

    public int Seconds => Requests + 3;

    /// <summary>A level; all others are counts or sums.</summary>
    public int InProgress => Requests + 4;

    public Range Buckets => (Requests + FirstBucket)..Range.End;

    public static RowNumbers Take(NumberTable numbers, int buckets) => new(numbers.Take(FirstBucket + buckets));
}

/// <summary>The numbers of a handler that its metrics do not have by method.</summary>
internal sealed record HandlerNumbers(Range Range)
{
    public int RequestCount => Range.Start.Value;

    public int RequestBytes => RequestCount + 1;

    public int ResponseCount => RequestCount + 2;

    public int ResponseBytes => RequestCount + 3;

    public (int Count, int Bytes) Request => (RequestCount, RequestBytes);

    public (int Count, int Bytes) Response => (ResponseCount, ResponseBytes);

    /// <summary>The number of open long-lived requests, a level.</summary>
    public int Open => RequestCount + 4;

    public static HandlerNumbers Take(NumberTable numbers) => new(numbers.Take(5));
}
