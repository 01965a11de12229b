using Instrumentator.Adapters;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Tests;

/// <summary>The recorded series equal a count by hand, whatever properties the requests of a route have and however
/// often they arrive.</summary>
public sealed class UsualRequestTests
{
    private const int Requests = 4_000;

    // Enough requests at one instant to make a series busy: each thread then has its own stripe.
    private const int UntilBusy = 1_200;

    // The same for each of many endpoints.
    private const int EachUntilBusy = 120;
    private const long Large = (16 << 20) + 1;

    // The first ten requests of a route are tracked.
    private const int UntilKnown = 12;

    private static readonly RouteEndpoint[] _one = [NewEndpoint(0)];
    private static readonly RouteEndpoint[] _many = [.. Enumerable.Range(0, 4_196).Select(NewEndpoint)];

    private static readonly Dictionary<string, Func<Instrumentation, Instrumentation>> _changes = new()
    {
        ["default"] = it => it,
        ["rounded"] = it => it.With(config => config with { LatencyDecimals = 0 }),
        ["ungrouped"] = it => it.With(config => config with { GroupStatusCodes = false }),
        ["aborts"] = it => it.With(config => config with { ClientAborts = ClientAborts.OwnGroup }),
        ["streams are requests"] = it => it.With(config => config with { LongLived = null }),
        ["exemplars"] = it =>
            it.With(config => config with { Exemplars = new() { Labels = _ => [("trace_id", "1")] } }),
        ["in progress"] = it => it.With(config => config with { InProgress = new() }),
        ["only success"] = it => it.WithDefaultMetrics(new() { OnlySuccessInHighResolution = true }),
        ["a function"] = it => it.Add(Metrics.Default(new() { Registry = it.Registry })).Add(Metrics.From(_ => { })),
        ["more sizes"] = it =>
            it.Add(Metrics.Default(new() { Registry = it.Registry }))
                .Add(Metrics.CombinedSize(new() { Registry = it.Registry })),
        ["more latencies"] = it =>
            it.Add(Metrics.Default(new() { Registry = it.Registry }))
                .Add(Metrics.Latency(new() { Registry = it.Registry, Name = "third_seconds" })),
        ["one metric"] = it => it.Add(Metrics.Requests(new() { Registry = it.Registry })),
    };

    public static TheoryData<string> Changes => [.. _changes.Keys];

    [Theory, MemberData(nameof(Changes))]
    public Task Mixed_requests_are_counted_under_every_configuration(string change) =>
        AssertCountedAsync("GET", 200, change);

    [Theory]
    [InlineData("POST", 201)]
    [InlineData("GET", 304)]
    [InlineData("GET", 404)]
    [InlineData("GET", 499)]
    [InlineData("GET", 700)]
    [InlineData("GET", 101)]
    [InlineData("CONNECT", 200)]
    public async Task Mixed_requests_are_counted_whatever_the_usual_request_is(string method, int status)
    {
        foreach (var change in new[] { "default", "ungrouped", "aborts", "only success" })
            await AssertCountedAsync(method, status, change);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("more sizes")]
    [InlineData("one metric")]
    public async Task Mixed_requests_to_thousands_of_endpoints_are_counted(string change)
    {
        await AssertCountedAsync("GET", 200, change, secondsBetween: 0, _many, EachUntilBusy);
        await AssertCountedAsync("GET", 200, change, secondsBetween: 0.02, _many, UntilKnown);
    }

    private static async Task AssertCountedAsync(string method, int status, string change)
    {
        await AssertCountedAsync(method, status, change, secondsBetween: 0, _one, UntilBusy);
        await AssertCountedAsync(method, status, change, secondsBetween: 0.02, _one, UntilBusy);
    }

    private static string StatusOf(int status, Config config) =>
        Info.From(new RequestFacts { Template = "/", StatusCode = status }, config)!.Value.Status;

    private static async Task AssertCountedAsync(
        string method,
        int status,
        string change,
        double secondsBetween,
        RouteEndpoint[] endpoints,
        int first)
    {
        var random = new Random(1);
        // Without a length those are streams.
        var usual = new Request(method, status, null, status == 101 ? 0 : null, null, 0);
        Request[] sent =
        [
            .. Enumerable.Repeat(usual, first * endpoints.Length),
            .. Enumerable.Range(0, Requests).Select(_ => random.Next(3) > 0 ? usual : Request.Next(random)),
        ];
        var instrumentation = _changes[change](Instrumentation.Default.WithRegistry(new Registry()));
        await SendAsync(sent, endpoints, instrumentation, secondsBetween);

        var recorded = await instrumentation.Registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var config = instrumentation.Config;
        Assert.Equal(
            sent.CountBy(request => (request.Method, StatusOf(request.Status, config))).OrderBy(one => one.Key),
            Counts(recorded));
        if (change == "one metric")
            return;
        Assert.Equal(
            (sent.Length, sent.Sum(request => request.Claimed ?? 0)),
            SummaryOf(recorded, "http_request_size_bytes"));
        Assert.Equal(
            (sent.Length, sent.Sum(request => request.Size ?? 0)),
            SummaryOf(recorded, "http_response_size_bytes"));
        double[] seconds =
        [
            .. sent.Where(request => config.LongLived is null || !request.IsLongLived)
                .Select(request => request.SecondsBy(config)),
        ];
        Assert.Equal((seconds.Length, seconds.Sum()), HistogramOf(recorded, "http_request_duration_seconds"));
        double[] successful =
        [
            .. sent.Where(request =>
                    request.Status is >= 200 and < 300 && (config.LongLived is null || !request.IsLongLived))
                .Select(request => request.SecondsBy(config)),
        ];
        Assert.Equal(
            change == "only success" ? (successful.Length, successful.Sum()) : (seconds.Length, seconds.Sum()),
            HistogramOf(recorded, "http_request_duration_highr_seconds"));
        if (change == "more sizes")
        {
            Assert.Equal(
                (sent.Length, sent.Sum(request => (request.Claimed ?? 0) + (request.Size ?? 0))),
                SummaryOf(recorded, "http_combined_size_bytes"));
        }

        if (change == "more latencies")
            Assert.Equal((seconds.Length, seconds.Sum()), HistogramOf(recorded, "third_seconds"));
    }

    private static async Task SendAsync(
        Request[] requests,
        RouteEndpoint[] endpoints,
        Instrumentation instrumentation,
        double secondsBetween)
    {
        var clock = new FakeTimeProvider();
        var builder = new ApplicationBuilder(
            new ServiceCollection().AddSingleton<TimeProvider>(clock).BuildServiceProvider());
        builder.UseInstrumentator(instrumentation);
        builder.Run(context =>
        {
            var request = (Request)context.Items["request"]!;
            clock.Advance(TimeSpan.FromSeconds(request.Seconds));
            context.Response.StatusCode = request.Status;
            (context.Response.ContentLength, context.Response.ContentType) = (request.Size, request.Type);
            return Task.CompletedTask;
        });
        var app = builder.Build();
        foreach (var (i, request) in requests.Index())
        {
            var context = new DefaultHttpContext
            {
                Request = { Method = request.Method, ContentLength = request.Claimed },
                Items = { ["request"] = request },
            };
            context.Features.Set<IHttpResponseFeature>(new Response(request.Started));
            context.SetEndpoint(endpoints[i % endpoints.Length]);
            clock.Advance(TimeSpan.FromSeconds(secondsBetween));
            await app(context);
        }
    }

    private static RouteEndpoint NewEndpoint(int number) =>
        new(
            _ => Task.CompletedTask,
            RoutePatternFactory.Parse($"/{number}/items/{{id:int}}"),
            0,
            null,
            $"items {number}");

    private static IEnumerable<KeyValuePair<(string, string), int>> Counts(Snapshot recorded) =>
        Samples(recorded, "http_requests_total")
            .GroupBy(sample => (sample.Labels.Values[1], sample.Labels.Values[2]))
            .Select(group =>
                KeyValuePair.Create(group.Key, group.Sum(sample => (int)((SampleValue.Counter)sample.Value).Value)))
            .OrderBy(one => one.Key);

    private static (int Count, long Sum) SummaryOf(Snapshot recorded, string family) =>
        (
            (int)Samples(recorded, family).Sum(sample => ((SampleValue.Summary)sample.Value).Count),
            (long)Samples(recorded, family).Sum(sample => ((SampleValue.Summary)sample.Value).Sum));

    private static (int Count, double Sum) HistogramOf(Snapshot recorded, string family) =>
        (
            (int)Samples(recorded, family).Sum(sample => ((SampleValue.Histogram)sample.Value).Count),
            Samples(recorded, family).Sum(sample => ((SampleValue.Histogram)sample.Value).Sum));

    private static ValueList<Sample> Samples(Snapshot recorded, string family) =>
        recorded.Families.Single(one => one.Definition.Name == family).Samples;

    /// <summary>A response that counts as started, or not, when the middleware has finished.</summary>
    private sealed class Response(bool hasStarted) : HttpResponseFeature
    {
        public override bool HasStarted => hasStarted;
    }

    /// <summary>A request and the response that the app gives to it.</summary>
    private sealed record Request(string Method, int Status, long? Claimed, long? Size, string? Type, double Seconds,
        bool Started = true)
    {
        // RFC 9110: 101 switches protocols; the others are streams by their content type, if the response started and
        // can have a body. A length says that there is an end. A CONNECT is a tunnel only if the app accepts it.
        public bool IsLongLived =>
            Size is null
            && (
                Status == 101
                || (Started
                    && Status is >= 200 and not 304
                    && Type?.StartsWith("text/event-stream", StringComparison.Ordinal) == true));

        public static Request Next(Random random)
        {
            return new(
                Any("GET", "GET", "POST", "CONNECT"),
                Any(200, 201, 299, 100, 101, 199, 304, 404, 499, 500, 700),
                Any<long?>(null, 0, 12, Large, 29 << 20),
                Any<long?>(null, 0, 34, Large),
                Any(null, "application/json", "text/event-stream", "text/event-stream; charset=utf-8", ""),
                Any(0, 0.25, 0.5, 1.5, 4),
                Any(true, true, false));

            T Any<T>(params T[] values) => values[random.Next(values.Length)];
        }

        public double SecondsBy(Config config) =>
            config.LatencyDecimals is { } decimals ? Math.Round(Seconds, decimals) : Seconds;
    }
}
