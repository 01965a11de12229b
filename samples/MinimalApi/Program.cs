using Instrumentator;
using MinimalApi;

// --demo is for this sample. All other arguments are configuration, for example --urls http://127.0.0.1:8080.
var withDemo = args.Contains("--demo");
var builder = WebApplication.CreateBuilder([.. args.Where(argument => argument != "--demo")]);
builder.Configuration["urls"] ??= "http://127.0.0.1:5080";
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddProblemDetails();
builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default));

// An order that cannot be parsed gets status code 400, also in development.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

// What /fail throws is no news; any other exception is logged as ever.
builder.Services.AddExceptionHandler(options =>
    options.SuppressDiagnosticsCallback = failure => failure.Exception is DeliberateException);

// The default metrics, the shop's own, a gauge of the requests in progress, processor and memory. The buckets by
// handler are finer than the defaults, 0.1, 0.5 and 1 s: a handler that takes 20 ms differs from one that takes 80 ms.
Registry.Default.IncludeProcess();
builder.Services.AddInstrumentator(Instrumentation.Default
    .With(config => config with { InProgress = new() { Labels = true } })
    .WithDefaultMetrics(new() { LowResolutionBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] })
    .AndAlso(ShopMetrics.All));

var app = builder.Build();
app.UseInstrumentator();
app.UseExceptionHandler();
app.MapShop();
if (withDemo)
    app.MapDemo();
app.MapInstrumentator("/metrics", new() { Gzip = true });

// The shop listens on 127.0.0.1, so only this machine sees the page. Other apps have RequireAuthorization here: outside
// Development, they do not start before they say who may see it.
app.MapInstrumentatorPage(options: new() { Title = "Shop" }).AllowAnonymous();

await app.StartAsync();
var address = LocalAddress.Of(app.Urls.First());
Console.WriteLine($"Open {address}/metrics-live in a browser: it shows what the shop does now.");
Console.WriteLine($"The shop is at {address}/products, its metrics are at {address}/metrics. Ctrl+C ends it.");
var demo = withDemo ? Demo.RunAsync(address, app.Lifetime.ApplicationStopping) : Task.CompletedTask;
await app.WaitForShutdownAsync();
await demo;
