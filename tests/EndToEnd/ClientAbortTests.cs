using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Handler = System.Func<Microsoft.AspNetCore.Http.HttpContext, System.Threading.Tasks.Task>;

namespace Instrumentator.EndToEnd;

/// <summary>Requests whose client hangs up while the handler runs, and requests that a timeout ends: the record has the
/// status that the client got, or 499 if it got none.</summary>
public sealed class ClientAbortTests
{
    private const string Requests = "http_requests_total";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static readonly HttpProtocols[] _protocols = [HttpProtocols.Http1, HttpProtocols.Http2];

    private static readonly RequestTimeoutPolicy _soon = new() { Timeout = TimeSpan.FromMilliseconds(50) };

    private static readonly RequestTimeoutPolicy _teapot = new() { Timeout = _soon.Timeout, TimeoutStatusCode = 418 };

    private static readonly RequestTimeoutPolicy _written = new()
    {
        Timeout = _soon.Timeout,
        WriteTimeoutResponse = context =>
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return context.Response.WriteAsync("too slow");
        },
    };

    /// <summary>What handlers do when the client hangs up, and the status of the record.</summary>
    private static readonly Dictionary<string, (int Status, Handler Handler)> _aborts = new(StringComparer.Ordinal)
    {
        ["passes the cancellation on"] = (499, PassOnAsync),
        ["ignores the cancellation"] = (499, UntilCanceledAsync),
        ["returns on the same thread"] = (499, BlockAsync),
        ["throws on the same thread"] = (499, context => throw Error(BlockAsync(context))),
        ["throws something else"] = (499, Then(context => throw Error())),
        ["throws a bad request"] = (499, Then(context =>
            throw new Microsoft.AspNetCore.Http.BadHttpRequestException("bad"))),
        ["answers with no content"] = (499, Then(context => SetAsync(context, 204))),
        ["answers with an error"] = (499, Then(context => SetAsync(context, 503))),
        ["redirects"] = (499, Then(context => Results.Redirect("/elsewhere").ExecuteAsync(context))),
        ["tries to write JSON"] = (499, Then(context => Results.Json(new { Value = 1 }).ExecuteAsync(context))),
        ["tries to write with the token"] = (499, Then(context =>
            context.Response.WriteAsync("late", context.RequestAborted))),
        ["writes all the same"] = (201, Then(context => WriteAsync(context, 201))),
        ["starts the response all the same"] = (202, Then(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            await context.Response.StartAsync();
        })),
        ["has written, and passes the cancellation on"] = (200, async context =>
        {
            await WriteAsync(context, 200);
            await PassOnAsync(context);
        }
        ),
        ["has written, and ignores the cancellation"] = (201, async context =>
        {
            await WriteAsync(context, 201);
            await UntilCanceledAsync(context);
        }
        ),
    };

    /// <summary>What handlers do that abort the request themselves, and the status of the record.</summary>
    private static readonly Dictionary<string, (int Status, Handler Handler)> _ownAborts = new(StringComparer.Ordinal)
    {
        ["returns"] = (499, AbortAsync),
        ["throws"] = (499, context => throw Error(AbortAsync(context))),
        ["ignores its own cancellation"] = (499, async context =>
        {
            await AbortAsync(context);
            await UntilCanceledAsync(context);
        }
        ),
        ["has written"] = (200, async context =>
        {
            await WriteAsync(context, 200);
            await AbortAsync(context);
        }
        ),
    };

    /// <summary>Timeouts of an endpoint, by name or by default (an empty name), and the status that the client
    /// gets.</summary>
    private static readonly Dictionary<string, (int Status, string? Name, RequestTimeoutPolicy Policy, Handler Handler)>
        _timeouts = new(StringComparer.Ordinal)
        {
            ["of the endpoint"] = (504, null, _soon, PassOnAsync),
            ["of the endpoint, with a status"] = (418, null, _teapot, PassOnAsync),
            ["of the endpoint, with a response"] = (422, null, _written, PassOnAsync),
            ["by name"] = (504, "named", _soon, PassOnAsync),
            ["by name, with a status"] = (418, "named", _teapot, PassOnAsync),
            ["by default"] = (504, "", _soon, PassOnAsync),
            ["by default, with a response"] = (422, "", _written, PassOnAsync),
            ["that is ignored"] = (200, null, _soon, UntilCanceledAsync),
            ["before no content"] = (204, null, _soon, Then(context => SetAsync(context, 204))),
            ["before a response"] = (201, null, _soon, Then(context => WriteAsync(context, 201))),
            ["before something else is thrown"] = (500, null, _soon, Then(context => throw Error())),
            ["before an I/O error"] = (500, null, _soon, Then(context => throw new IOException("no disk"))),
        };

    public static TheoryData<string, HttpProtocols, bool> Aborts =>
        new MatrixTheoryData<string, HttpProtocols, bool>(_aborts.Keys, _protocols, [false, true]);

    public static TheoryData<string, HttpProtocols> OwnAborts =>
        new MatrixTheoryData<string, HttpProtocols>(_ownAborts.Keys, _protocols);

    public static TheoryData<string, HttpProtocols, bool> Timeouts =>
        new MatrixTheoryData<string, HttpProtocols, bool>(_timeouts.Keys, _protocols, [false, true]);

    [Theory]
    [MemberData(nameof(Aborts))]
    public async Task A_client_that_hangs_up_is_a_499_unless_the_response_has_started(
        string handler, HttpProtocols protocol, bool timeoutsOutside)
    {
        var (status, run) = _aborts[handler];
        using var waiting = new SemaphoreSlim(0);
        await using var app = await StartAsync(
            context =>
            {
                waiting.Release();
                return run(context);
            },
            protocol,
            timeoutsOutside,
            new() { Timeout = _patience * 10 });
        using var client = ClientOf(app, protocol);
        using var gone = new CancellationTokenSource();

        var request = client.GetAsync(new Uri("/x", UriKind.Relative), gone.Token);
        Assert.True(await waiting.WaitAsync(_patience, TestContext.Current.CancellationToken));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await app.ExpectAsync(Requests, $"/x GET {status} 1");
    }

    [Theory]
    [MemberData(nameof(OwnAborts))]
    public async Task An_abort_of_the_apps_own_is_a_499_unless_the_response_has_started(
        string handler, HttpProtocols protocol)
    {
        var (status, run) = _ownAborts[handler];
        await using var app = await MeasuredApp.StartAsync(
            app =>
            {
                app.UseInstrumentator();
                app.MapGet("/x", new RequestDelegate(run));
            },
            protocols: protocol);
        using var client = ClientOf(app, protocol);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(client));

        await app.ExpectAsync(Requests, $"/x GET {status} 1");
    }

    [Theory]
    [MemberData(nameof(Timeouts))]
    public async Task A_timeout_has_the_status_that_the_client_gets(
        string timeout, HttpProtocols protocol, bool timeoutsOutside)
    {
        var (status, name, policy, run) = _timeouts[timeout];
        await using var app = await StartAsync(run, protocol, timeoutsOutside, policy, name);
        using var client = ClientOf(app, protocol);

        using var response = await SendAsync(client);

        Assert.Equal(status, (int)response.StatusCode);
        await app.ExpectAsync(Requests, $"/x GET {status} 1");
    }

    [Fact]
    public async Task Asynchronous_functions_and_gauges_see_a_timeout_outside_like_any_other_request()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var app = await StartAsync(PassOnAsync, HttpProtocols.Http1, true, _teapot, change: it => it
            .With(config => config with { InProgress = new() })
            .AddAsync(info =>
            {
                seen.Enqueue(info.Status);
                return default;
            }));

        using var response = await SendAsync(app.Client);

        await app.ExpectAsync("http_requests_inprogress", "0");
        Assert.True(await Shared.Poll.UntilAsync(() => Task.FromResult(!seen.IsEmpty), done => done, _patience));
        Assert.Equal(["418"], seen);
    }

    private static Task PassOnAsync(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    private static async Task UntilCanceledAsync(HttpContext context)
    {
        try
        {
            await PassOnAsync(context);
        }
        catch (OperationCanceledException)
        {
            // It goes on as if nothing had happened.
        }
    }

    private static Task BlockAsync(HttpContext context)
    {
        Assert.True(context.RequestAborted.WaitHandle.WaitOne(_patience));
        return Task.CompletedTask;
    }

    private static Handler Then(Handler handler) => async context =>
    {
        await UntilCanceledAsync(context);
        await handler(context);
    };

    private static Task AbortAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static Task SetAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync("written", CancellationToken.None);
    }

    private static InvalidOperationException Error(params Task[] before) => new($"after {before.Length}");

    private static Task<HttpResponseMessage> SendAsync(HttpClient client) =>
        client.GetAsync(new Uri("/x", UriKind.Relative), TestContext.Current.CancellationToken);

    private static HttpClient ClientOf(MeasuredApp app, HttpProtocols protocol) => new()
    {
        BaseAddress = app.Address,
        Timeout = _patience,
        DefaultRequestVersion = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static Task<MeasuredApp> StartAsync(
        Handler handler,
        HttpProtocols protocol,
        bool timeoutsOutside,
        RequestTimeoutPolicy policy,
        string? name = null,
        Func<Instrumentation, Instrumentation>? change = null) =>
        MeasuredApp.StartAsync(
            app =>
            {
                if (timeoutsOutside)
                    app.UseRouting().UseRequestTimeouts();
                app.UseInstrumentator();
                if (!timeoutsOutside)
                    app.UseRequestTimeouts();
                var endpoint = app.MapGet("/x", new RequestDelegate(handler));
                if (name is null)
                    endpoint.WithRequestTimeout(policy);
                else if (name.Length > 0)
                    endpoint.WithRequestTimeout(name);
            },
            change,
            services => services.AddRequestTimeouts(options =>
            {
                options.AddPolicy("named", policy);
                if (name is { Length: 0 })
                    options.DefaultPolicy = policy;
            }),
            protocol);
}
