namespace Instrumentator.Benchmarks;

/// <summary>A handler that has to wait once, so that what it gave back is not done.</summary>
internal static class WaitingRequests
{
    public static IEnumerable<Case> All =>
    [
        App.Request("waiting", it => it, new Traffic { Handler = static async _ => await Turn.Next }),
    ];
}
