using System.Reflection;
using Instrumentator.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Sends the same requests to prometheus-net's <c>UseHttpMetrics</c> and to our middleware, in one app or in
/// two equal apps.</summary>
internal sealed class SideBySide : IAsyncDisposable
{
    public const string OursOutside = "one app, ours outside";
    public const string TheirsOutside = "one app, theirs outside";
    public const string OverTheirs = "one app, ours over another registry of theirs";
    public const string TwoApps = "two apps";

    private readonly CollectorRegistry _theirs = Prometheus.Metrics.NewCustomRegistry();
    private readonly CollectorRegistry? _under;
    private readonly Registry _ours;
    private readonly List<WebApplication> _apps = [];

    private SideBySide(string setup)
    {
        _under = setup == OverTheirs ? Prometheus.Metrics.NewCustomRegistry() : null;
        _ours = _under is null ? new Registry() : Registry.Over(_under);
    }

    public static TheoryData<string> Setups => [OursOutside, TheirsOutside, OverTheirs, TwoApps];

    /// <summary>Starts the apps to compare.</summary>
    /// <param name="setup">One of <see cref="Setups"/>.</param>
    /// <param name="configure">Configures the pipeline, and calls its second argument where the metrics middleware
    /// belongs.</param>
    /// <param name="grouped">Whether status codes are grouped.</param>
    /// <param name="page">Whether the app has Razor Pages.</param>
    public static async Task<SideBySide> StartAsync(
        string setup, Action<WebApplication, Action> configure, bool grouped = false, bool page = false)
    {
        var both = new SideBySide(setup);
        var ours = Presets.PrometheusNet(both._ours, page).With(config => config with { GroupStatusCodes = grouped });
        Action<WebApplication> useOurs = app => app.UseInstrumentator(ours);
        Action<WebApplication> useTheirs = app => app.UseHttpMetrics(options => both.Configure(options, grouped));
        Action<WebApplication>[] apps = setup switch
        {
            TwoApps => [useOurs, useTheirs],
            TheirsOutside => [useTheirs + useOurs],
            _ => [useOurs + useTheirs],
        };
        foreach (var use in apps)
            both._apps.Add(await StartAppAsync(app => configure(app, () => use(app)), page));
        return both;
    }

    /// <summary>Sends a request to each app, and asserts that the responses are the same.</summary>
    public async Task SendAsync(string method, string path)
    {
        var answers = new List<string>();
        foreach (var app in _apps)
            answers.Add(await AnswerAsync(app, method, path));
        Assert.Single(answers.Distinct());
    }

    public async Task SendAsync(IEnumerable<(string Method, string Path)> requests)
    {
        foreach (var (method, path) in requests)
            await SendAsync(method, path);
    }

    /// <summary>Sends each app a request that it holds, and returns when it does.</summary>
    public async Task<Task[]> HoldAsync(CancellationToken cancellationToken)
    {
        Task[] held =
        [
            .. _apps.Select(app =>
                app.GetTestClient().GetAsync(new Uri("/held", UriKind.Relative), cancellationToken)),
        ];
        foreach (var app in _apps)
        {
            Assert.True(await app.Services.GetRequiredService<Gate>()
                .Entered
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        }

        return held;
    }

    /// <summary>Releases the held requests.</summary>
    public void LetGo() => _apps.ForEach(app => app.Services.GetRequiredService<Gate>().Opened.SetResult());

    public async Task<Scrape> OursAsync() => _under is null ? Scrape.Of(_ours) : await Scrape.OfAsync(_under);

    public Task<Scrape> TheirsAsync() => Scrape.OfAsync(_theirs);

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
            await app.DisposeAsync();
    }

    private static async Task<WebApplication> StartAppAsync(Action<WebApplication> configure, bool page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Gate())
            .AddControllersWithViews()
            .AddApplicationPart(typeof(SideBySide).Assembly)
            .ConfigureApplicationPartManager(parts => parts.FeatureProviders.Add(new WithoutContract()));
        if (page)
            builder.Services.AddRazorPages();
        builder.Services.AddRouting();
        var app = builder.Build();
        configure(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static async Task<string> AnswerAsync(WebApplication app, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        try
        {
            using var response = await app.GetTestClient().SendAsync(request, TestContext.Current.CancellationToken);
            return $"{response.StatusCode} "
                + $"{await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}";
        }
        catch (Exception e) when (e.GetBaseException() is InvalidOperationException or BadHttpRequestException)
        {
            // The test server rethrows the app's exception in the client.
            return e.GetBaseException().Message;
        }
    }

    private void Configure(Prometheus.HttpMetrics.HttpMiddlewareExporterOptions options, bool grouped)
    {
        options.ConfigureMeasurements(measurement => measurement.Registry = _theirs);
        if (grouped)
            options.ReduceStatusCodeCardinality();
    }
}

/// <summary>Holds requests until the test releases them.</summary>
internal sealed class Gate
{
    public SemaphoreSlim Entered { get; } = new(0);

    public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Leaves out the controller of the adapter contract, which is also in this assembly and has its own
/// routes.</summary>
internal sealed class WithoutContract : IApplicationFeatureProvider<ControllerFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature) =>
        feature.Controllers.Remove(typeof(ContractController).GetTypeInfo());
}
