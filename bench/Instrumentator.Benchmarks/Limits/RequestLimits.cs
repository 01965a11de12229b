using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Instrumentator.Benchmarks;

/// <summary>Measures the least that the default metrics can cost: two readings of the clock and five known
/// cells.</summary>
internal static class RequestLimits
{
    /// <summary>The row that the ratios of all request rows refer to.</summary>
    public const string Least = "limit";

    public static IEnumerable<Case> All =>
        [
            Case.Whole(Least, Least, () => new Side(() => Record(new LeastCells<Plain>()))),
            Case.Whole("limit-endpoints-1000", Least, () => Endpoints(1_000)),
            Case.Whole("limit-endpoints-10000", Least, () => Endpoints(10_000)),
            Case.Whole("limit-interlocked", Least, () => Side.Shared(Record(new LeastCells<Interlocking>()))),
            Case.Gain(
                "limit-middleware",
                Least,
                () => Traffic.Usual.To(LeastApp()),
                () => Traffic.Usual.To(App.Bare(Traffic.Usual.Handler))
            ) with
            {
                IsAlone = true,
            },
            Case.Whole("clock", Least, () => new Side(ReadClock)),
        ];

    private static RequestDelegate LeastApp() =>
        App.Build(Traffic.Usual.Handler, app => app.Use(next => new LeastMiddleware(next).InvokeAsync));

    private static Work Record<TAdd>(LeastCells<TAdd> cells)
        where TAdd : struct, IAdd => operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                var started = Stopwatch.GetTimestamp();
                cells.Record(started, Stopwatch.GetTimestamp());
            }
        };

    private static Side Endpoints(int number) => new(() => GoRound(number)) { Lap = number };

    // Not in the order in memory.
    private static Work GoRound(int endpoints)
    {
        LeastCells<Plain>[] cells = [.. Enumerable.Range(0, endpoints).Select(_ => new LeastCells<Plain>())];
        Random.Shared.Shuffle(cells);
        var next = 0;
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                var started = Stopwatch.GetTimestamp();
                cells[next].Record(started, Stopwatch.GetTimestamp());
                next = next + 1 < cells.Length ? next + 1 : 0;
            }
        };
    }

    private static Work ReadClock()
    {
        var total = 0L;
        return operations =>
        {
            for (var i = 0; i < operations; i++)
            {
                var started = Stopwatch.GetTimestamp();
                total += Stopwatch.GetTimestamp() - started;
            }
        };
    }
}
