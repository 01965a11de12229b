using Microsoft.AspNetCore.Routing.Patterns;

namespace Instrumentator.Tests;

/// <summary>Many concurrent requests to busy routes: no request gets the labels of another.</summary>
public sealed class BusyRouteTests
{
    private const int Requests = 20_000;
    private const int Many = 5_096;

    private static readonly string[] _methods = ["GET", "GET", "GET", "POST", "DELETE"];
    private static readonly int[] _statuses = [200, 200, 200, 204, 301, 404, 500];

    public enum Handler { Done, Waiting, Throwing }

    public static TheoryData<Handler, bool, bool> All =>
        new MatrixTheoryData<Handler, bool, bool>(
            [Handler.Done, Handler.Waiting, Handler.Throwing],
            [false, true],
            [false, true]);

    [Theory, MemberData(nameof(All))]
    public async Task Each_request_gets_its_own_labels(Handler handler, bool readsResponseStart, bool inProgress)
    {
        var registry = new Registry();
        var app = App(registry, handler, readsResponseStart, inProgress);
        var sent = await Task.WhenAll(
            Enumerable.Range(1, 4).Select(seed => Task.Run(() => SendAsync(app, new Random(seed)))));
        var expected = sent.SelectMany(one => one)
            .GroupBy(one => one)
            .ToDictionary(one => one.Key, one => one.Count());
        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var recorded = Samples(scrape, "http_requests_total")
            .ToDictionary(
                one => (one.Labels.Values[1], one.Labels.Values[2]),
                one => (int)((SampleValue.Counter)one.Value).Value);
        Assert.Equal(expected.OrderBy(one => one.Key), recorded.OrderBy(one => one.Key));
        if (inProgress)
        {
            Assert.All(
                Samples(scrape, "http_requests_inprogress"),
                one => Assert.Equal(new SampleValue.Gauge(0), one.Value));
        }
    }

    // The garbage collector moves endpoints during the requests.
    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    [InlineData(Many)]
    public async Task Each_request_gets_the_labels_of_its_own_endpoint(int endpoints)
    {
        var registry = new Registry();
        var app = App(registry, Handler.Done, readsResponseStart: false, inProgress: false);
        Endpoint[] all = [.. Enumerable.Range(0, endpoints).Select(number => NewEndpoint(number))];
        var senders = Enumerable
            .Range(1, 4)
            .Select(seed => Task.Run(() => SendAsync(app, new Random(seed), all)))
            .ToArray();
        while (!Task.WhenAll(senders).IsCompleted)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        var expected = (await Task.WhenAll(senders))
            .SelectMany(one => one)
            .GroupBy(one => one)
            .ToDictionary(one => one.Key, one => one.Count());
        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var recorded = Samples(scrape, "http_requests_total")
            .ToDictionary(
                one => (one.Labels.Values[0], one.Labels.Values[2]),
                one => (int)((SampleValue.Counter)one.Value).Value);
        Assert.Equal(expected.OrderBy(one => one.Key), recorded.OrderBy(one => one.Key));
    }

    // The error handler runs the rest of the pipeline once more, with another endpoint.
    [Theory]
    [InlineData(2)]
    [InlineData(Many)]
    public async Task A_request_that_runs_again_for_an_error_page_is_counted_once(int endpoints)
    {
        var registry = new Registry();
        var app = App(registry, Handler.Done, readsResponseStart: false, inProgress: false);
        Endpoint[] all = [.. Enumerable.Range(0, endpoints).Select(number => NewEndpoint(number))];
        for (var i = 0; i < 20 * endpoints; i++)
            await app(NewContext(all[i % endpoints], 200));
        var context = NewContext(all[0], 404);
        await app(context);
        context.SetEndpoint(all[1]);
        await app(context);
        var scrape = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
        var recorded = Samples(scrape, "http_requests_total")
            .Where(one => one.Labels.Values[2] == "4xx")
            .Select(one => (one.Labels.Values[0], one.Value));
        Assert.Equal([("/0/items/{id}", new SampleValue.Counter(1))], recorded);
    }

    private static async Task<List<(string Handler, string Status)>> SendAsync(
        RequestDelegate app,
        Random random,
        Endpoint[] endpoints)
    {
        var sent = new List<(string, string)>();
        for (var i = 0; i < Requests; i++)
        {
            var (one, status) = (random.Next(endpoints.Length), random.Next(50) == 0 ? 404 : 200);
            GC.KeepAlive(new byte[random.Next(200)]);
            await app(NewContext(endpoints[one], status));
            sent.Add(($"/{one}/items/{{id}}", $"{status / 100}xx"));
        }
        return sent;
    }

    private static DefaultHttpContext NewContext(Endpoint endpoint, int status)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" }, Items = { ["status"] = status } };
        context.SetEndpoint(endpoint);
        return context;
    }

    private static RouteEndpoint NewEndpoint(int number)
    {
        GC.KeepAlive(new byte[100 + (number % 7 * 50)]);
        return new RouteEndpoint(
            _ => Task.CompletedTask,
            RoutePatternFactory.Parse($"/{number}/items/{{id:int}}"),
            0,
            null,
            $"items {number}");
    }

    private static ValueList<Sample> Samples(Snapshot scrape, string family) =>
        scrape.Families.Single(one => one.Definition.Name == family).Samples;

    private static async Task<List<(string Method, string Status)>> SendAsync(RequestDelegate app, Random random)
    {
        var sent = new List<(string, string)>();
        for (var i = 0; i < Requests; i++)
        {
            var (method, status) = (_methods[random.Next(_methods.Length)], _statuses[random.Next(_statuses.Length)]);
            var context = new DefaultHttpContext { Request = { Method = method } };
            context.SetEndpoint(_endpoint);
            context.Items["status"] = status;
            var thrown = await Record.ExceptionAsync(() => app(context));
            sent.Add((method, thrown is null ? $"{status / 100}xx" : "5xx"));
        }
        return sent;
    }

    private static RequestDelegate App(Registry registry, Handler handler, bool readsResponseStart, bool inProgress)
    {
        var instrumentation = Instrumentation
            .Default.WithRegistry(registry)
            .With(config => config with { InProgress = inProgress ? new InProgressOptions { Labels = true } : null });
        var builder = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        builder.UseInstrumentator(
            readsResponseStart
                ? instrumentation.Add(Metrics.Default(new() { Registry = registry })).Add(Metrics.From(_ => { }))
                : instrumentation);
        builder.Run(context => AnswerAsync(context, handler));
        return builder.Build();
    }

    private static Task AnswerAsync(HttpContext context, Handler handler)
    {
        context.Response.StatusCode = (int)context.Items["status"]!;
        return handler switch
        {
            Handler.Done => Task.CompletedTask,
            Handler.Waiting => Task.Delay(0).ContinueWith(_ => Thread.Yield(), TaskScheduler.Default),
            _ => context.Response.StatusCode == StatusCodes.Status301MovedPermanently
                ? throw new InvalidOperationException()
                : Task.CompletedTask,
        };
    }

    private static readonly RouteEndpoint _endpoint = new(
        _ => Task.CompletedTask,
        RoutePatternFactory.Parse("/items/{id:int}"),
        0,
        null,
        "items");
}
