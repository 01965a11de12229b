using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MinimalApi;

/// <summary>Routes that go wrong on purpose, so that the live page has a story to tell. Only the demo has
/// them.</summary>
internal static class DemoRoutes
{
    public static void MapDemo(this WebApplication app)
    {
        var started = Stopwatch.StartNew();

        // The bank rejects one payment in eight.
        app.MapPost("/payments", () => OneIn(8) ? Failed() : Results.NoContent());

        // Always slow.
        app.MapGet("/reports/{month:int}", async (CancellationToken cancelled) =>
        {
            await Task.Delay(Random.Shared.Next(1_200, 2_400), cancelled);
            return "report";
        });

        // Begins to fail after 45 seconds, recovers a minute later, and so on every four minutes.
        app.MapGet("/recommendations/{id:int}", () =>
            started.Elapsed.TotalSeconds % 240 is > 45 and < 105 && OneIn(2) ? Failed() : Results.Text("teapot"));

        // Becomes slower after 90 seconds, and stays so.
        app.MapGet("/search", async (CancellationToken cancelled) =>
        {
            var isSlow = started.Elapsed.TotalSeconds > 90;
            await Task.Delay(isSlow ? Random.Shared.Next(250, 450) : Random.Shared.Next(15, 40), cancelled);
            return "found";
        });

        // A stream of server-sent events, which is no latency: it stays open.
        app.MapGet("/offers", (IHostApplicationLifetime host, CancellationToken cancelled) =>
            TypedResults.ServerSentEvents(OffersAsync(host.ApplicationStopping, cancelled)));
    }

    private static async IAsyncEnumerable<string> OffersAsync(
        CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancelled)
    {
        // When the app stops, the timer ends, and the stream with it.
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        await using var end = stopping.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(cancelled))
            yield return "teapots are cheap today";
    }

    private static IResult Failed() => Results.StatusCode(StatusCodes.Status503ServiceUnavailable);

    private static bool OneIn(int number) => Random.Shared.Next(number) == 0;
}
