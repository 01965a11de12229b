namespace Instrumentator.Benchmarks;

/// <summary>A handler that waits once, so that its task is not completed when it returns.</summary>
internal static class WaitingRequests
{
    public static IEnumerable<Case> All =>
    [
        App.Request("waiting", it => it, new Traffic { Handler = static async _ => await Turn.Next }),
    ];
}
