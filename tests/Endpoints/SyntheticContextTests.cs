using System.Runtime.CompilerServices;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>Contexts that no server created: the middleware throws no exception of its own.</summary>
public sealed class SyntheticContextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bare_context_is_measured(bool everything)
    {
        var registry = new Registry();
        var app = Build(registry, everything);

        await app(new DefaultHttpContext());

        Assert.NotNull(
            (await registry.ScrapeAsync(TestContext.Current.CancellationToken)).Find(
                "http_requests_total",
                "none",
                "_OTHER",
                "2xx"));
    }

    [Fact]
    public async Task The_endpoint_is_the_last_one_set_during_and_after_the_request()
    {
        var context = new DefaultHttpContext();
        var (first, second, third) = (NewEndpoint(1), NewEndpoint(2), NewEndpoint(3));
        var app = Build(new Registry(), everything: false, context =>
        {
            context.SetEndpoint(first);
            Assert.Same(first, context.GetEndpoint());
            context.SetEndpoint(second);
            Assert.Same(second, context.GetEndpoint());
            return Task.CompletedTask;
        });

        await app(context);

        Assert.Same(second, context.GetEndpoint());
        context.SetEndpoint(third);
        Assert.Same(third, context.GetEndpoint());
        context.SetEndpoint(null);
        Assert.Null(context.GetEndpoint());
    }

    [Fact]
    public async Task An_existing_endpoint_feature_still_receives_the_endpoint()
    {
        var (context, endpoint) = (new DefaultHttpContext(), NewEndpoint(1));
        context.SetEndpoint(endpoint);
        context.SetEndpoint(null);
        var before = context.Features.Get<IEndpointFeature>()!;
        var app = Build(new Registry(), everything: false, context =>
        {
            context.SetEndpoint(endpoint);
            return Task.CompletedTask;
        });

        await app(context);

        Assert.Same(endpoint, before.Endpoint);
        Assert.Same(endpoint, context.GetEndpoint());
    }

    [Fact]
    public async Task A_reused_context_keeps_nothing_of_an_earlier_request()
    {
        var context = new DefaultHttpContext();
        var app = Build(new Registry(), everything: false);

        var earlier = await RunAsync(app, context);
        await RunAsync(app, context);

        for (var i = 0; i < 10 && earlier.IsAlive; i++)
            GC.Collect();
        Assert.False(earlier.IsAlive);
    }

    [Fact]
    public async Task An_endpoint_feature_kept_by_the_app_is_not_reused()
    {
        var kept = new List<(IEndpointFeature Feature, Endpoint Endpoint)>();
        var app = Build(new Registry(), everything: false, context =>
        {
            var endpoint = new Endpoint(null, null, $"{kept.Count}");
            kept.Add((context.Features.Get<IEndpointFeature>()!, endpoint));
            context.SetEndpoint(endpoint);
            return Task.CompletedTask;
        });

        for (var i = 0; i < 10; i++)
            await app(new DefaultHttpContext());

        Assert.All(kept, one => Assert.Same(one.Endpoint, one.Feature.Endpoint));
    }

    // Not inlined, so that no local variable keeps the feature.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> RunAsync(RequestDelegate app, HttpContext context)
    {
        await app(context);
        return new WeakReference(context.Features.Get<IEndpointFeature>());
    }

    private static Endpoint NewEndpoint(int number) => new(null, null, $"{number}");

    public static TheoryData<string, bool> Strange => new MatrixTheoryData<string, bool>(_strange.Keys, [false, true]);

    private static readonly Dictionary<string, Action<DefaultHttpContext>> _strange = new(StringComparer.Ordinal)
    {
        ["no services"] = context => context.RequestServices = null!,
        ["no method, no path, no headers"] = context =>
            context.Features.Set<IHttpRequestFeature>(
                new HttpRequestFeature
                {
                    Method = null!,
                    Path = null!,
                    PathBase = null!,
                    QueryString = null!,
                    Protocol = null!,
                    RawTarget = null!,
                }),
        ["empty texts"] = context =>
            context.Features.Set<IHttpRequestFeature>(
                new HttpRequestFeature
                {
                    Method = "",
                    Path = "",
                    PathBase = "",
                    QueryString = "",
                    Protocol = "",
                    RawTarget = "",
                }),
        ["a negative length"] = context => context.Request.Headers["Content-Length"] = "-5",
        ["the greatest length"] = context =>
            (context.Request.ContentLength, context.Response.ContentLength) = (long.MaxValue, long.MaxValue),
        ["a length that is no number"] = context => context.Request.Headers["Content-Length"] = new(["x", "y"]),
        ["gone already"] = context => context.RequestAborted = new CancellationToken(canceled: true),
        ["begun already"] = context => context.Features.Set<IHttpResponseFeature>(new Begun()),
        ["a status of its own"] = context => context.Response.StatusCode = int.MinValue,
        ["no body feature"] = context => context.Features.Set<IHttpResponseBodyFeature>(null),
        ["no request feature"] = context => context.Features.Set<IHttpRequestFeature>(null),
        ["no response feature"] = context => context.Features.Set<IHttpResponseFeature>(null),
        ["no features"] = context => context.Initialize(new FeatureCollection()),
        ["a request that refuses"] = context => context.Features.Set<IHttpRequestFeature>(new Refusing()),
        ["a response that refuses"] = context => context.Features.Set<IHttpResponseFeature>(new Refusing()),
    };

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task A_strange_context_is_passed_on_and_nothing_is_thrown_into_it(string kind, bool everything)
    {
        var registry = new Registry();
        var context = new DefaultHttpContext();
        _strange[kind](context);
        var ran = 0;
        var app = Build(registry, everything, _ =>
        {
            ran++;
            return Task.CompletedTask;
        });

        await app(context);

        Assert.Equal(1, ran);
        Assert.Equal(0, registry.TryValue("http_requests_inprogress") ?? 0);
    }

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task An_exception_of_the_app_passes_through_in_a_strange_context(string kind, bool everything)
    {
        var context = new DefaultHttpContext();
        _strange[kind](context);
        var app = Build(new Registry(), everything, async _ =>
        {
            await Task.Yield();
            throw new InvalidDataException("the app's own");
        });

        Assert.Equal("the app's own", (await Assert.ThrowsAsync<InvalidDataException>(() => app(context))).Message);
    }

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task A_scrape_in_a_strange_context_throws_only_what_the_framework_itself_throws(string kind, bool gzip)
    {
        var context = new DefaultHttpContext();
        _strange[kind](context);
        var registry = new Registry();
        var endpoint = new ScrapeEndpoint(new() { Gzip = gzip, SelfMetrics = true }, () => registry);

        var thrown = await Record.ExceptionAsync(() => endpoint.AnswerAsync(context));

        // The context has no request to read, or no response to write.
        if (kind is "no request feature" or "no response feature" or "no body feature" or "no features")
            Assert.IsType<NullReferenceException>(thrown);
        else if (kind is "a request that refuses" or "a response that refuses")
            Assert.IsType<NotSupportedException>(thrown);
        else
            Assert.Null(thrown);

        // The scrape has freed its place, whatever happened.
        var next = new DefaultHttpContext();
        for (var i = 0; i < 20; i++)
            await endpoint.AnswerAsync(next = new DefaultHttpContext());
        Assert.Equal(StatusCodes.Status200OK, next.Response.StatusCode);
    }

    [Fact]
    public async Task A_context_with_an_endpoint_and_without_a_response_is_passed_on()
    {
        var (passed, endpoint) = (
            0,
            new Microsoft.AspNetCore.Routing.RouteEndpoint(
                _ => Task.CompletedTask,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternFactory.Parse("/x"),
                0,
                null,
                null));
        var app = Build(
            new Registry(),
            everything: false,
            _ =>
            {
                passed++;
                return Task.CompletedTask;
            });
        var context = new DefaultHttpContext();
        context.SetEndpoint(endpoint);
        context.Features.Set<IHttpResponseFeature>(null);

        await app(context);

        Assert.Equal(1, passed);
    }

    private static RequestDelegate Build(Registry registry, bool everything, RequestDelegate? last = null)
    {
        var instrumentation = Instrumentation.Default.WithRegistry(registry);
        if (everything)
        {
            instrumentation = instrumentation
                .With(config =>
                    config with
                    {
                        BodyHandlers = [""],
                        InProgress = new() { Labels = true },
                        IncludePathBase = true,
                    })
                .Add(
                    Metrics.From(info =>
                        _ =
                            info.Request.Header("x")
                            + info.Response.Header("y")
                            + info.Request.Path
                            + info.Response.Body.Length))
                .Add(Metrics.Requests(new() { Registry = registry }))
                .AddAsync(_ => default);
        }
        var pipeline = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider()).UseInstrumentator(
            instrumentation);
        pipeline.Run(last ?? (_ => Task.CompletedTask));
        return pipeline.Build();
    }

    /// <summary>A response that started before the middleware.</summary>
    private sealed class Begun : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    /// <summary>Features that refuse to say anything. An endpoint feature that does so is no case of ours: routing asks
    /// it first, and throws by itself.</summary>
    private sealed class Refusing : IHttpRequestFeature, IHttpResponseFeature
    {
        public string Protocol { get => No<string>(); set => No<string>(); }

        public string Scheme { get => No<string>(); set => No<string>(); }

        public string Method { get => No<string>(); set => No<string>(); }

        public string PathBase { get => No<string>(); set => No<string>(); }

        public string Path { get => No<string>(); set => No<string>(); }

        public string QueryString { get => No<string>(); set => No<string>(); }

        public string RawTarget { get => No<string>(); set => No<string>(); }

        public IHeaderDictionary Headers { get => No<IHeaderDictionary>(); set => No<string>(); }

        public Stream Body { get => No<Stream>(); set => No<string>(); }

        public int StatusCode { get => No<int>(); set => No<string>(); }

        public string? ReasonPhrase { get => No<string>(); set => No<string>(); }

        public bool HasStarted => No<bool>();

        public void OnStarting(Func<object, Task> callback, object state) => No<string>();

        public void OnCompleted(Func<object, Task> callback, object state) => No<string>();

        private static T No<T>() => throw new NotSupportedException();
    }
}
