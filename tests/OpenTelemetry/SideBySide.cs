using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Instrumentator.Shared;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;

namespace Instrumentator.OpenTelemetry.Tests;

/// <summary>The protocol and scheme of a request.</summary>
internal enum Wire
{
    Http11,
    Http10,
    Http2,
    Https11,
    Https2,
}

/// <summary>A request of a test.</summary>
internal sealed record Sent(string Method, string Path, Wire Wire = Wire.Http11);

/// <summary>An app on Kestrel that both libraries measure, each with its own endpoint. Its server speaks HTTP/1.1, and
/// HTTP/2 with and without TLS.</summary>
internal sealed class SideBySide : IAsyncDisposable
{
    public const string OurPath = "/metrics";
    public const string TheirPath = "/metrics/otel";

    private static readonly X509Certificate2 _certificate = NewCertificate();
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;

    // A pool for each wire.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = new() { RemoteCertificateValidationCallback = (_, shown, _, _) => _certificate.Equals(shown) },
    });

    private SideBySide(WebApplication app, Registry ours) => (_app, Ours) = (app, ours);

    public Registry Ours { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Gets the address for HTTP/1.1 without TLS.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts the app.</summary>
    /// <param name="configure">Configures its pipeline, and calls its second argument where our middleware
    /// belongs.</param>
    /// <param name="instrumentation">What we measure; <see cref="Presets.OpenTelemetry"/> by default.</param>
    public static async Task<SideBySide> StartAsync(
        Action<WebApplication, Action> configure, Func<Registry, Instrumentation>? instrumentation = null)
    {
        var registry = new Registry();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(Listen);
        builder.Services.AddSingleton(new Gate())
            .AddControllers()
            .AddApplicationPart(typeof(SideBySide).Assembly);
        builder.Services.AddExceptionHandler<TeapotHandler>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Hosting")
            .AddPrometheusExporter(options => options.ScrapeResponseCacheDurationMilliseconds = 0));
        builder.Services.AddInstrumentator(
            instrumentation?.Invoke(registry) ?? Presets.OpenTelemetry(registry));
        var app = builder.Build();
        configure(app, () => app.UseInstrumentator());
        app.MapInstrumentator(OurPath).DisableHttpMetrics();
        app.MapPrometheusScrapingEndpoint(TheirPath).DisableHttpMetrics();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SideBySide(app, registry);
    }

    /// <summary>Sends a request, and waits for its response.</summary>
    public async Task SendAsync(Sent sent)
    {
        var (version, listener) = sent.Wire switch
        {
            Wire.Http10 => (HttpVersion.Version10, 0),
            Wire.Http2 => (HttpVersion.Version20, 1),
            Wire.Https11 => (HttpVersion.Version11, 2),
            Wire.Https2 => (HttpVersion.Version20, 2),
            _ => (HttpVersion.Version11, 0),
        };
        using var request = new HttpRequestMessage(
            new HttpMethod(sent.Method), new Uri(new Uri(_app.Urls.ElementAt(listener)), sent.Path))
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("X-Forwarded-Proto", "https");
        try
        {
            using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is HttpIOException or IOException)
        {
            // The server broke off a response that it had begun.
        }
    }

    public async Task SendAsync(IEnumerable<Sent> requests)
    {
        foreach (var request in requests)
            await SendAsync(request);
    }

    /// <summary>Sends the text of a request over HTTP/1.1, lets the app work on it, and hangs up.</summary>
    public async Task SendAndHangUpAsync(string method, string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            TestContext.Current.CancellationToken);
        await Services.GetRequiredService<Gate>().WaitUntilEnteredAsync();
    }

    /// <summary>Asserts that both scrapes agree. Waits for that: ASP.NET Core records a request after its client has
    /// the response.</summary>
    /// <param name="requests">The number of requests that were sent.</param>
    public async Task AssertSameAsync(int requests) =>
        await AssertSameAsync(requests, Agreement.Mismatches);

    /// <summary>Asserts that both scrapes agree by a comparison that returns a line for each difference.</summary>
    public async Task AssertSameAsync(int requests, Func<Scrape, Scrape, IEnumerable<string>> compare)
    {
        var mismatches = await Poll.UntilAsync(
            async () => MissingRequests(requests, await TheirsAsync())
                .Concat(compare(await OursAsync(), await TheirsAsync()))
                .ToArray(),
            mismatches => mismatches.Length == 0,
            _patience);
        Assert.True(mismatches.Length == 0, string.Join('\n', mismatches));
    }

    /// <summary>Waits until their scrape is good; returns the last one.</summary>
    public Task<Scrape> TheirsAsync(Func<Scrape, bool> isGood) => Poll.UntilAsync(TheirsAsync, isGood, _patience);

    public async Task<Scrape> OursAsync() => Scrape.Ours(await ScrapeAsync(OurPath));

    public async Task<Scrape> TheirsAsync() => Scrape.Theirs(await ScrapeAsync(TheirPath));

    public async Task<string> ScrapeAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text; version=1.0.0");
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static IEnumerable<string> MissingRequests(int expected, Scrape theirs)
    {
        var counted = theirs.Histograms.Values.Sum(one => one.Count);
        return counted == expected ? [] : [$"They counted {counted} of {expected} requests."];
    }

    private static void Listen(KestrelServerOptions options)
    {
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate));
    }

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = DateTimeOffset.UtcNow;
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

/// <summary>Holds requests until the test releases them.</summary>
internal sealed class Gate
{
    private SemaphoreSlim Entered { get; } = new(0);

    private TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        Entered.Release();
        await Opened.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits until one more request is held.</summary>
    public async Task WaitUntilEnteredAsync() => Assert.True(
        await Entered.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));

    public void Open() => Opened.SetResult();
}

/// <summary>Handles exceptions of one type.</summary>
internal sealed class TeapotHandler : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not TeapotException)
            return new(false);
        httpContext.Response.StatusCode = StatusCodes.Status418ImATeapot;
        return new(true);
    }
}
