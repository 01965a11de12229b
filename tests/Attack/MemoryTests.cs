using System.Diagnostics;
using System.Globalization;
using Instrumentator.Properties;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Attack;

/// <summary>A million requests of which each one is new: no memory, no series and no scrape grows with them.</summary>
public sealed class MemoryTests
{
    private const int Early = 200_000;
    private const int Middle = 600_000;
    private const int All = 1_000_000;
    private const int ThreadCount = 4;

    // Pooled objects, and stripes of series that become busy late. A reference to each request would take 3,200,000.
    private const long Slack = 2_000_000;

    // A busy series has a stripe per thread that adds to it often, and some become busy late. The numbers of series
    // and of threads with stripes are bounded, and so is this, whatever is sent.
    private const long Stripes = 4_000_000;

    [Fact]
    public void A_million_hostile_requests_leave_memory_and_series_as_they_are()
    {
        var registry = new Registry();
        var app = new HostilePipeline(registry);
        var watch = Stopwatch.StartNew();

        Send(app, from: 0, Early);
        var early = Measure(registry);
        Send(app, Early, Middle);
        var middle = Measure(registry);
        Send(app, Middle, All);
        var late = Measure(registry);

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"After {Early:n0}: {early}. After {Middle:n0}: {middle}. After {All:n0}: {late}. {app.Thrown:n0} "
                    + $"threw. {watch.Elapsed.TotalSeconds:n0} s."));
        Assert.InRange(late.Bytes, 0, early.Bytes + Stripes);
        Assert.InRange(late.Bytes, 0, middle.Bytes + Slack);
        Assert.Equal(early.Series, late.Series);

        // The same lines, with longer numbers in them.
        Assert.InRange(late.ScrapeBytes, early.ScrapeBytes, early.ScrapeBytes * 1.2);
        Assert.Equal(All, late.Requests + app.Unmeasured);
        Assert.Equal(0, late.InProgress);
        GC.KeepAlive(app);
    }

    // A seed for each block: what is sent does not depend on which thread sends it.
    private static void Send(HostilePipeline app, int from, int to)
    {
        const int Block = 1_000;
        var next = from / Block;
        Threads.Run(ThreadCount, _ =>
        {
            for (var block = Interlocked.Increment(ref next) - 1;
                block < to / Block;
                block = Interlocked.Increment(ref next) - 1)
            {
                var random = new Random(block);
                for (var i = 0; i < Block; i++)
                    app.Send(random, (block * Block) + i);
            }
        });
    }

    private static Reading Measure(Registry registry)
    {
        var bytes = Bytes();
        var text = registry.ToText();
        var scrape = ParsedScrape.Prometheus(text);
        return new(
            bytes,
            scrape.Families.Sum(family => family.Samples.Count),
            text.Length,
            Sum(scrape, "http_requests_total"),
            Sum(scrape, "http_requests_inprogress"));
    }

    private static long Bytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static double Sum(ParsedScrape scrape, string family) =>
        scrape.Families.Single(one => one.Name == family).Samples.Sum(sample => sample.Value);

    private sealed record Reading(long Bytes, int Series, int ScrapeBytes, double Requests, double InProgress)
    {
        public override string ToString() =>
            FormattableString.Invariant($"{Bytes:n0} bytes, {Series:n0} samples, a scrape of {ScrapeBytes:n0} bytes");
    }

    /// <summary>The middleware and routing as they are in an app, without a server.</summary>
    private sealed class HostilePipeline
    {
        private static readonly string[] _methods = ["GET", "GET", "POST", "HEAD", "PUT", "get", "PROPFIND"];
        private static readonly int[] _statuses =
        [
            0,
            1,
            99,
            100,
            101,
            199,
            200,
            204,
            301,
            304,
            400,
            404,
            499,
            500,
            503,
            599,
            600,
            999,
            1_000,
            -1,
            int.MaxValue,
        ];
        private static readonly string[] _paths =
        [
            "/plain",
            "/items/",
            "/numbers/",
            "/rest/",
            "/named/",
            "/hidden/",
            "/boom/",
            "/nowhere/",
            "/admin/items/",
            "/",
        ];

        private readonly RequestDelegate _app;
        private readonly IServiceProvider _services;
        private long _thrown;
        private long _unmeasured;

        public HostilePipeline(Registry registry)
        {
            _services = new ServiceCollection()
                .AddLogging()
                .AddRouting()
                .AddSingleton(new DiagnosticListener("attack"))
                .AddSingleton<DiagnosticSource>(services => services.GetRequiredService<DiagnosticListener>())
                .BuildServiceProvider();
            var app = new ApplicationBuilder(_services);
            app.UseInstrumentator(
                Instrumentation
                    .Default.WithRegistry(registry)
                    .With(config =>
                        config with
                        {
                            Untemplated = Untemplated.Path(50),
                            IncludePathBase = true,
                            HandlerTemplate = HandlerTemplate.Raw,
                            GroupStatusCodes = false,
                            ExcludedHandlers = ["hidden"],
                            BodyHandlers = ["items"],
                            BodyLimit = 100,
                            InProgress = new() { Labels = true },
                            Exemplars = new()
                            {
                                Interval = TimeSpan.Zero,
                                Labels = info => [("trace_id", info.Request.Header("X-Id") ?? "")],
                            },
                        })
                    .Add(Metrics.Default(new() { Registry = registry }))
                    .Add(Metrics.From(info => _ = info.Request.Header("X-Id")))
                    .AddAsync(_ => default));
            app.UseRouting();
            app.Map("/admin", branch => branch.UseRouting().UseEndpoints(MapRoutes));
            app.UseEndpoints(MapRoutes);
            _app = app.Build();
        }

        /// <summary>How many requests ended with an exception.</summary>
        public long Thrown => Interlocked.Read(ref _thrown);

        /// <summary>How many requests were for what is excluded.</summary>
        public long Unmeasured => Interlocked.Read(ref _unmeasured);

        public void Send(Random random, int number)
        {
            var context = NewContext(random, number);
            var task = TrySendAsync(context);
            task.GetAwaiter().GetResult();
        }

        private async Task TrySendAsync(DefaultHttpContext context)
        {
            try
            {
                await _app(context);
            }
            catch (Exception e) when (e is DeliberateException or BadHttpRequestException or OperationCanceledException)
            {
                Interlocked.Increment(ref _thrown);
            }
        }

        private DefaultHttpContext NewContext(Random random, int number)
        {
            var context = new DefaultHttpContext { RequestServices = _services };
            var request = context.Request;
            var isBelow = random.Next(3) == 0;
            var path = _paths[random.Next(isBelow ? 2 : _paths.Length)];
            if (path == "/hidden/")
                Interlocked.Increment(ref _unmeasured);
            request.Path = path is "/plain"
                ? path
                : $"{path}{number}{(random.Next(5) == 0 ? $"/{random.Next()}\"\\\n\u2028" : "")}";
            request.Host = new HostString($"host-{number}");
            request.QueryString = new QueryString($"?x={number}");
            request.Headers["X-Id"] = $"{number}";
            request.Headers[$"X-{number}"] = "x";
            request.ContentLength = random.Next(3) == 0 ? random.NextInt64() : null;
            request.PathBase = isBelow ? $"/Base{random.Next(300)}" : "";

            // A hundred path bases become labels: below them only some labels more, so that all are there early.
            request.Method =
                isBelow ? "GET"
                : random.Next(20) == 0 ? $"M{number}"
                : _methods[random.Next(_methods.Length)];
            context.Items[typeof(Answer)] = new Answer(
                isBelow ? 200 : _statuses[random.Next(_statuses.Length)],
                isBelow ? 3 : random.Next(10));
            return context;
        }

        private void MapRoutes(IEndpointRouteBuilder endpoints)
        {
            foreach (
                var pattern in new[]
                {
                    "/plain",
                    "/items/{id}",
                    "/numbers/{id:int}",
                    "/rest/{**path}",
                    "/",
                    "/boom/{id}",
                })
            {
                endpoints.MapMethods(pattern, ["GET", "POST", "HEAD"], AnswerAsync);
            }

            endpoints.MapMethods("/named/{**rest}", ["GET", "POST", "HEAD"], AnswerAsync).WithHandlerLabel("named");
            endpoints.MapMethods("/hidden/{**rest}", ["GET", "POST", "HEAD", "PUT", "PROPFIND"], AnswerAsync);
        }

        private static async Task AnswerAsync(HttpContext context)
        {
            var (status, what) = (Answer)context.Items[typeof(Answer)]!;
            context.Response.StatusCode = status;
            if (what == 0)
                await Task.Yield();
            if (what == 1)
                await context.Response.Body.WriteAsync(new byte[300]);
            if (context.Request.Path.StartsWithSegments("/boom", StringComparison.Ordinal) || what == 2)
                throw what % 3 == 0 ? new BadHttpRequestException("no", status) : new DeliberateException();
        }

        private sealed record Answer(int Status, int What);
    }
}
