using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Instrumentator.Shared;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Instrumentator.Tests;

/// <summary>An app on Kestrel that runs the rough steps which a request names: in its handler, or in middleware before
/// routing, after routing or outside of the instrumentation.</summary>
internal sealed class RoughServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Registry _registry;
    private readonly ErrorLines _errors;
    private IPEndPoint[] _ports = [];
    private int _requests;
    private int _ended;
    private volatile string _removed = "";

    private RoughServer(WebApplication app, Registry registry, ErrorLines errors) =>
        (_app, _registry, _errors) = (app, registry, errors);

    /// <summary>Where steps run.</summary>
    public static string[] Places { get; } = ["handler", "inside", "before", "outside"];

    /// <summary>Starts an app.</summary>
    /// <param name="isRoutingFirst">Whether routing runs before the instrumentation.</param>
    /// <param name="hasErrorPages">Whether error pages run requests again, outside of the instrumentation.</param>
    /// <param name="change">Completes the default instrumentation; null for an app without one.</param>
    public static async Task<RoughServer> StartAsync(
        bool isRoutingFirst, bool hasErrorPages, Func<Instrumentation, Instrumentation>? change = null)
    {
        var (registry, errors) = (new Registry(), new ErrorLines());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(errors).SetMinimumLevel(LogLevel.Error);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http1);
            options.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddRouting();
        var app = builder.Build();
        var server = new RoughServer(app, registry, errors);
        app.Use(async (context, next) =>
        {
            Interlocked.Increment(ref server._requests);
            try
            {
                await RunAsync("outside", context, next);
            }
            finally
            {
                server._removed = RoughSteps.RemovedFrom(context);
                Interlocked.Increment(ref server._ended);
            }
        });
        if (hasErrorPages)
            app.UseExceptionHandler("/error").UseStatusCodePagesWithReExecute("/error");
        if (isRoutingFirst)
            app.UseRouting();
        if (change is not null)
            app.UseInstrumentator(change(Instrumentation.Default.WithRegistry(registry)));
        app.Use((context, next) => RunAsync("before", context, next));
        if (!isRoutingFirst)
            app.UseRouting();
        app.Use((context, next) => RunAsync("inside", context, next));
        foreach (var place in Places)
            app.Map($"/{place}", context => RunAsync("handler", context, RoughSteps.AnswerAsync));
        app.Map("/error", context => context.Response.WriteAsync("error page"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        server._ports = [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.Select(address => new IPEndPoint(IPAddress.Loopback, new Uri(address).Port))];
        return server;
    }

    /// <summary>Sends a request whose steps run in a place, and returns what the client got.</summary>
    public Task<string> SendAsync(RawRequest request, string place, IEnumerable<int> steps)
    {
        _errors.Clear();
        return RawClient.SendAsync(
            _ports[request.IsHttp2 ? 1 : 0],
            request,
            $"/{place}?{string.Join('-', steps)}");
    }

    /// <summary>Returns the kinds of errors that were logged since the last request was sent.</summary>
    /// <param name="mayBeLost">Whether the instrumentation may log that it found a context without features.</param>
    public string[] Errors(bool mayBeLost) =>
        [
            .. from kind in _errors.Kinds()
            where !mayBeLost || !kind.StartsWith("Instrumentator 9", StringComparison.Ordinal)
            select kind,
        ];

    /// <summary>Gets the number of requests that reached the app.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Gets the number of requests that the app has not finished. A client may see the end before.</summary>
    public int Running => Requests - Volatile.Read(ref _ended);

    /// <summary>Gets the features that the last request did not have at its end.</summary>
    public string Removed => _removed;

    public double Records() => Sum("http_requests_total");

    public double Gauges() => Sum("http_requests_inprogress") + Sum("http_long_lived_requests_open");

    public double Value(string name, params Label[] labels) => _registry.Value(name, labels);

    private double Sum(string family) => _registry.Scrape().Families
        .Where(one => one.Definition.Name == family)
        .SelectMany(one => one.Samples)
        .Sum(sample => sample.Value.Match(
            counter => counter.Value, gauge => Math.Abs(gauge.Value), histogram => histogram.Count, summary => 0));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static Task RunAsync(string place, HttpContext context, RequestDelegate rest)
    {
        var isHere = context.Request.Path == $"/{place}" && context.Request.QueryString.Value is { Length: > 1 };
        var steps = isHere
            ? Array.ConvertAll(
                context.Request.QueryString.Value![1..].Split('-'),
                text => int.Parse(text, CultureInfo.InvariantCulture))
            : [];
        return RunAsync(steps, context, rest);
    }

    private static Task RunAsync(ArraySegment<int> steps, HttpContext context, RequestDelegate rest) =>
        steps.Count == 0
            ? rest(context)
            : RoughSteps.All[steps[0]].Run(context, () => RunAsync(steps[1..], context, rest));

    private sealed class ErrorLines() : TestLog(LogLevel.Error)
    {
        private readonly ConcurrentDictionary<string, bool> _kinds = new(StringComparer.Ordinal);

        public void Clear() => _kinds.Clear();

        public string[] Kinds() => [.. _kinds.Keys.Order(StringComparer.Ordinal)];

        protected override void Add(string category, LogLevel level, EventId id, string text, Exception? exception) =>
            _kinds[$"{category} {id.Id} {exception?.GetType().Name}"] = true;
    }
}
