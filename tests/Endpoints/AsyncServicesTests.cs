using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>Asynchronous metric functions have the services of their request, wherever other middleware stands. The
/// services are disposed once, after the functions have ended.</summary>
public sealed class AsyncServicesTests
{
    private static readonly Dictionary<string, (bool KeepsServices, Action<WebApplication> Use)> _middleware =
        new(StringComparer.Ordinal)
        {
            ["nothing"] = (true, app => app.Use(next => next)),
            ["exception handler"] = (true, app => app.UseExceptionHandler("/error")),
            ["exception handler, scoped"] = (true, app =>
                app.UseExceptionHandler("/error", createScopeForErrors: true)),
            ["status pages"] = (true, app => app.UseStatusCodePages()),
            ["status pages, re-execute"] = (true, app => app.UseStatusCodePagesWithReExecute("/error")),
            ["uses services before"] = (true, app => app.Use((context, next) =>
            {
                Use(context);
                return next(context);
            })),
            ["uses services after"] = (true, app => app.Use(async (context, next) =>
            {
                await next(context);
                Use(context);
            })),
            ["other services, restored"] = (false, app =>
                app.Use((context, next) => ReplaceAsync(context, next, true))),
            ["other services, left"] = (false, app =>
                app.Use((context, next) => ReplaceAsync(context, next, false))),
        };

    public static TheoryData<string, bool, string> Cases =>
        new MatrixTheoryData<string, bool, string>(
            _middleware.Keys, [false, true], ["/used", "/unused", "/throws", "/throws-unused", "/nowhere"]);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_function_has_the_services_of_its_request(string middleware, bool outside, string path)
    {
        var (seen, got) = (new ConcurrentQueue<Scoped>(), new ConcurrentQueue<(Scoped Scoped, bool Alive)>());
        await using var app = await TestApp.StartAsync(
            app =>
            {
                app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = _ => Task.CompletedTask });
                if (outside)
                    _middleware[middleware].Use(app);
                app.UseInstrumentator();
                if (!outside)
                    _middleware[middleware].Use(app);
                app.UseRouting();
                Map(app, seen);
            },
            it => it.AddAsync(async info =>
            {
                var scoped = info.HttpContext().RequestServices.GetRequiredService<Scoped>();
                _ = info.HttpContext().RequestServices.GetRequiredService<ScopedSync>();
                await Task.Yield();
                got.Enqueue((scoped, scoped.Disposed == 0));
            }),
            builder => builder.Services.AddScoped<Scoped>().AddScoped<ScopedSync>());

        await app.SendAsync("GET", path);

        // The service that was created first is disposed last.
        await Eventually.Holds(
            () => !got.IsEmpty && got.All(one => one.Scoped.Sync.Disposed > 0), () => $"{got.Count}");
        var (scoped, alive) = Assert.Single(got);
        Assert.True(alive, "It was disposed before the function ended.");
        Assert.Equal((1, 1), (scoped.Disposed, scoped.Sync.Disposed));
        if (_middleware[middleware].KeepsServices && path is "/used" or "/throws")
            Assert.Same(Assert.Single(seen), scoped);
        Assert.All(seen, one => Assert.Equal(1, one.Disposed));
        Assert.Empty(app.Series("instrumentator_metric_function_errors_total"));
    }

    private static void Map(IEndpointRouteBuilder app, ConcurrentQueue<Scoped> seen)
    {
        app.MapGet("/used", (Scoped scoped) => seen.Enqueue(scoped));
        app.MapGet("/unused", () => "x");
        app.MapGet("/throws", string (Scoped scoped) =>
        {
            seen.Enqueue(scoped);
            throw new InvalidOperationException("boom");
        });
        app.MapGet("/throws-unused", string () => throw new InvalidOperationException("boom"));
        app.Map("/error", (Scoped scoped) => $"error page {scoped.Disposed}");
    }

    private static void Use(HttpContext context) => context.RequestServices.GetRequiredService<Scoped>();

    private static async Task ReplaceAsync(HttpContext context, RequestDelegate next, bool restores)
    {
        var before = context.Features.Get<IServiceProvidersFeature>();
        await using var scope = context.RequestServices.CreateAsyncScope();
        context.Features.Set<IServiceProvidersFeature>(new Fixed { RequestServices = scope.ServiceProvider });
        try
        {
            await next(context);
        }
        finally
        {
            if (restores)
                context.Features.Set(before);
        }
    }

    private sealed class Scoped(ScopedSync sync) : IAsyncDisposable
    {
        private int _disposed;

        public ScopedSync Sync => sync;

        public int Disposed => Volatile.Read(ref _disposed);

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            Interlocked.Increment(ref _disposed);
        }
    }

    private sealed class ScopedSync : IDisposable
    {
        private int _disposed;

        public int Disposed => Volatile.Read(ref _disposed);

        public void Dispose() => Interlocked.Increment(ref _disposed);
    }

    private sealed class Fixed : IServiceProvidersFeature
    {
        public required IServiceProvider RequestServices { get; set; }
    }
}
