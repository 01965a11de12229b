using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Benchmarks;

/// <summary>Measures what the live page costs an app of very many handlers: its history while nobody looks, and its
/// viewers.</summary>
internal static class PageRun
{
    private const int ReadingsOfFifteenMinutes = 900;

    public static async Task RunAsync(int handlers, int viewers, int seconds)
    {
        Console.WriteLine(FormattableString.Invariant($"{handlers:N0} handlers, each with a request every second"));
        await HistoryAsync("history, every handler busy", handlers, busy: handlers);
        await HistoryAsync("history, 50 handlers busy", handlers, busy: Math.Min(50, handlers));
        await ServeAsync(handlers, viewers, seconds);
    }

    /// <summary>Sends the viewers' requests, one a second each, from a process of their own.</summary>
    public static async Task ViewAsync(string page, int viewers, int seconds)
    {
        using var client = new HttpClient { BaseAddress = new Uri(page) };
        await Task.WhenAll(Enumerable.Range(0, viewers).Select(_ => ViewerAsync(client, seconds)));
    }

    private static async Task HistoryAsync(string name, int handlers, int busy)
    {
        var app = new ManyHandlers(handlers);
        var history = new LiveHistory(app.Instrumentation, new PageOptions(), TimeProvider.System);
        app.RequestAll(handlers);
        await history.ReadAsync(isWatched: false);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (time, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < 2 * ReadingsOfFifteenMinutes; i++)
        {
            app.RequestAll(busy);
            var start = Stopwatch.GetTimestamp();
            await history.ReadAsync(isWatched: false);
            var took = Stopwatch.GetElapsedTime(start);

            // The first fifteen minutes warm up.
            if (i >= ReadingsOfFifteenMinutes)
                (time, longest) = (time + took, took > longest ? took : longest);
        }
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        var mean = time.TotalMilliseconds / ReadingsOfFifteenMinutes;
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-32}{mean,8:N3} ms a second, {mean / 10:N3} % of a core; longest {longest.TotalMilliseconds:N1} ms; {bytes / 1e6:N1} MB"));
        GC.KeepAlive(history);
    }

    private static async Task ServeAsync(int handlers, int viewers, int seconds)
    {
        var traffic = new ManyHandlers(handlers);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapInstrumentatorPage(options: new() { Instrumentation = traffic.Instrumentation }).AllowAnonymous();
        await app.StartAsync();
        using var stop = new CancellationTokenSource();
        var requests = RequestEachSecondAsync(traffic, stop.Token);
        var page = $"{app.Urls.First()}/metrics-live/";
        await CpuWhileAsync(() => ViewersAsync(page, viewers, seconds));
        var alone = await CpuWhileAsync(() => Task.Delay(TimeSpan.FromSeconds(seconds)));
        var watched = await CpuWhileAsync(() => ViewersAsync(page, viewers, seconds));
        Console.WriteLine(FormattableString.Invariant(
            $"{viewers} viewers{"",-20}{(watched - alone) * 100,8:N2} % of a core more than without them ({alone * 100:N2} %)"));
        await stop.CancelAsync();
        await requests;
    }

    private static async Task<double> CpuWhileAsync(Func<Task> run)
    {
        var (cpu, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await run();
        return (Environment.CpuUsage.TotalTime - cpu) / Stopwatch.GetElapsedTime(start);
    }

    private static async Task ViewersAsync(string page, int viewers, int seconds)
    {
        string[] arguments =
            [typeof(PageRun).Assembly.Location, "--view", page, "--viewers", $"{viewers}", "--seconds", $"{seconds}"];
        using var process = Process.Start(Environment.ProcessPath!, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The viewers failed with exit code {process.ExitCode}.");
    }

    // Like the page: all windows, and of each only what is new.
    private static async Task ViewerAsync(HttpClient client, int seconds)
    {
        var known = "";
        var start = Stopwatch.GetTimestamp();
        for (var second = 0; second < seconds; second++)
        {
            var data = await client.GetByteArrayAsync(new Uri($"data{known}", UriKind.Relative));
            known = ViewedData.QueryAfter(data, known);
            var next = TimeSpan.FromSeconds(second + Random.Shared.NextDouble()) - Stopwatch.GetElapsedTime(start);
            await Task.Delay(next > TimeSpan.Zero ? next : TimeSpan.Zero);
        }
    }

    private static async Task RequestEachSecondAsync(ManyHandlers traffic, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                traffic.RequestAll(traffic.Count);
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
