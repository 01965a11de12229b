using System.Diagnostics;
using System.Net.Sockets;
using Instrumentator.EndToEnd;
using Instrumentator.Properties;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Instrumentator.Attack;

/// <summary>A client whose requests run no metric function is answered while functions of other requests
/// hang.</summary>
public sealed class HangingFunctionTests : IDisposable
{
    // The thread pool adds a thread within half a second or so, and a build may run beside this test.
    private static readonly TimeSpan _most = TimeSpan.FromSeconds(4);

    private readonly ManualResetEventSlim _gate = new();

    [Theory]
    [InlineData("function", 1)]
    [InlineData("functions", 20)]
    [InlineData("blocking asynchronous function", 1)]
    public async Task Another_client_waits_a_few_seconds_at_most(string what, int functions)
    {
        await using var app = await LocalServer.StartAsync(args =>
            Build(args, Enumerable.Range(0, functions).Aggregate(Instrumentation.Default, (it, _) => Add(it, what))));
        var worst = WorstWaitWhile(app, Enumerable.Repeat("/measured", (8 * Environment.ProcessorCount) + 48));

        Assert.True(worst < _most, $"A client waited {worst.TotalSeconds:n1} s.");
    }

    [Fact]
    public async Task Another_client_and_scrapes_of_another_registry_do_not_wait_for_a_source_that_blocks()
    {
        var registry = new Registry().Include(new Blocking(_gate));
        await using var app = await LocalServer.StartAsync(args =>
            Build(args, Instrumentation.Default, shown: registry));

        // Each selects another family, so no two of them share a rendering.
        var worst = WorstWaitWhile(app, Enumerable.Range(0, 20).Select(i => $"/blocked?name[]={i}"), "/metrics");

        Assert.True(worst < _most, $"A client waited {worst.TotalSeconds:n1} s.");
    }

    [Fact]
    public async Task The_next_request_of_a_connection_hardly_waits_for_an_asynchronous_function_that_never_ends()
    {
        var never = new TaskCompletionSource();
        await using var app = await LocalServer.StartAsync(args =>
            Build(args, Instrumentation.Default.AddAsync(_ => new ValueTask(never.Task))));

        var waits = new TimeSpan[200];
        Threads.Run(waits.Length, i => waits[i] = AskTwice(app.Address()));
        Assert.True(waits.Max() < _most, $"A connection waited {waits.Max().TotalSeconds:n1} s.");

        var later = Enumerable.Range(0, 10).Select(_ => AskTwice(app.Address())).Max();
        Assert.True(later < TimeSpan.FromSeconds(1), $"A later connection waited {later.TotalSeconds:n1} s.");
        never.SetResult();
    }

    public void Dispose()
    {
        _gate.Set();
        _gate.Dispose();
    }

    private TimeSpan WorstWaitWhile(WebApplication app, IEnumerable<string> hanging, string other = "/other")
    {
        var worst = TimeSpan.Zero;
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var probe = new Thread(() => worst = WorstWait(app.Address(), other, over.Token));
        probe.Start();
        TcpClient[] clients = [.. hanging.Select(path => Send(app.Address(), path))];
        probe.Join();
        _gate.Set();
        Array.ForEach(clients, client => client.Dispose());
        return worst;
    }

    // Lambdas of this method are new ones in each call, since they capture this object.
    private Instrumentation Add(Instrumentation it, string what) => what switch
    {
        "blocking asynchronous function" => it.AddAsync(_ =>
        {
            _gate.Wait();
            return default;
        }),
        _ => it.AndAlso(Metrics.From(_ => _gate.Wait())),
    };

    private static WebApplication Build(string[] args, Instrumentation instrumentation, Registry? shown = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var own = new Registry();
        app.UseInstrumentator(instrumentation.WithRegistry(own));
        app.UseRouting();
        app.MapGet("/measured", () => "ok");
        app.MapGet("/other", () => "ok").DisableInstrumentation();
        app.MapInstrumentator(options: new() { Registry = own });
        app.MapInstrumentator("/blocked", new() { Registry = shown ?? own });
        return app;
    }

    // Blocks its own thread: the pool is what is tested.
    private static TimeSpan WorstWait(Uri address, string path, CancellationToken over)
    {
        using var client = Send(address, path);
        var worst = TimeSpan.Zero;
        while (true)
        {
            var wait = Read(client);
            worst = wait > worst ? wait : worst;
            if (over.IsCancellationRequested)
                return worst;
            client.GetStream().Write(Request(path));
        }
    }

    // The time of the second request, which waits for the asynchronous functions of the first one.
    private static TimeSpan AskTwice(Uri address)
    {
        using var client = Send(address, "/measured");
        Read(client);
        client.GetStream().Write(Request("/measured"));
        return Read(client);
    }

    // A short response, in one piece or two.
    private static TimeSpan Read(TcpClient client)
    {
        var (started, answer) = (Stopwatch.GetTimestamp(), new byte[1 << 16]);
        client.GetStream().ReadExactly(answer, 0, 1);
        _ = client.GetStream().Read(answer);
        return Stopwatch.GetElapsedTime(started);
    }

    private static TcpClient Send(Uri address, string path)
    {
        var client = new TcpClient(address.Host, address.Port) { NoDelay = true, ReceiveTimeout = 60_000 };
        client.GetStream().Write(Request(path));
        return client;
    }

    private static byte[] Request(string path) =>
        System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");

    private sealed class Blocking(ManualResetEventSlim gate) : IMetricCollector
    {
        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default)
        {
            gate.Wait(cancellationToken);
            return ValueTask.FromResult<ValueList<FamilySnapshot>>([]);
        }
    }
}
