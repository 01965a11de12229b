using System.Collections.Concurrent;
using System.Diagnostics;
using Instrumentator.Properties;
using Instrumentator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Attack;

/// <summary>Very many threads that register, observe, answer requests and scrape at once.</summary>
public sealed class ConcurrencyTests
{
    private const int ThreadCount = 64;
    private const int Families = 40;

    private static readonly string[] _methods = ["GET", "GET", "GET", "POST", "FOO"];
    private static readonly int[] _statuses = [200, 200, 200, 204, 404, 503];
    private static readonly RouteEndpoint[] _endpoints =
    [
        .. Enumerable
            .Range(0, 10)
            .Select(i => new RouteEndpoint(
                _ => Task.CompletedTask,
                RoutePatternFactory.Parse($"/route{i}/{{id}}"),
                0,
                null,
                null)),
    ];

    [Fact]
    public void Threads_that_register_observe_answer_and_scrape_at_once_are_all_right()
    {
        var (registry, seed, time, watch) = (new Registry(), Budget.Seed(), Budget.Of(10), Stopwatch.StartNew());
        TestContext.Current.TestOutputHelper?.WriteLine($"{Budget.SeedVariable}={seed}");
        var load = new Load(registry);

        Threads.Run(ThreadCount, thread =>
        {
            var random = new Random(unchecked((seed * 31) + thread));
            for (var rising = new RisingNumbers(); watch.Elapsed < time;)
                load.Act(random, rising);
        });

        load.AssertAllIsThere();
        TestContext.Current.TestOutputHelper?.WriteLine($"{load}");
    }

    /// <summary>What threads do, and what must come of it.</summary>
    private sealed class Load
    {
        private readonly Registry _registry;
        private readonly RequestDelegate _app;
        private readonly ConcurrentDictionary<string, double> _expected = new(StringComparer.Ordinal);
        private readonly ConcurrentQueue<string> _mistaken = new();
        private readonly long[] _observed = new long[Families];
        private long _scrapes;

        public Load(Registry registry)
        {
            _registry = registry;
            var builder = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
            builder.UseInstrumentator(Instrumentation.Default.WithRegistry(registry)
                .With(config => config with { InProgress = new() { Labels = true }, GroupStatusCodes = false })
                .Add(Metrics.Default(new() { Registry = registry }))
                .Add(Metrics.From(Check)));
            builder.Run(AnswerAsync);
            _app = builder.Build();
        }

        public void Act(Random random, RisingNumbers rising)
        {
            switch (random.Next(200))
            {
                case 0:
                    Scrape(rising);
                    break;
                case < 50:
                    Observe(random.Next(Families), conflicts: random.Next(10) == 0);
                    break;
                default:
                    Send(random);
                    break;
            }
        }

        public void AssertAllIsThere()
        {
            Assert.Empty(_mistaken);
            var scrape = ParsedScrape.Prometheus(_registry.ToText());
            var recorded = scrape
                .Families.Single(family => family.Name == "http_requests_total")
                .Samples.ToDictionary(
                    sample => Key(sample.ValueOf("handler")!, sample.ValueOf("method")!, sample.ValueOf("status")!),
                    sample => sample.Value);
            Assert.Equal(
                _expected.OrderBy(one => one.Key, StringComparer.Ordinal),
                recorded.OrderBy(one => one.Key, StringComparer.Ordinal));
            Assert.All(
                scrape.Families.Single(family => family.Name == "http_requests_inprogress").Samples,
                sample => Assert.Equal(0, sample.Value));
            foreach (var (i, count) in _observed.Index())
            {
                Assert.Equal(count, scrape.Value($"jobs{i}_total"));
                Assert.Equal(count, scrape.Count($"took{i}_seconds"));
            }
        }

        public override string ToString() =>
            FormattableString.Invariant(
                $"{_expected.Values.Sum():n0} requests, {_observed.Sum():n0} observations, {_scrapes:n0} scrapes.");

        private void Observe(int number, bool conflicts)
        {
            _registry.Counter($"jobs{number}", "Help.").Increment();
            _registry.Histogram($"took{number}_seconds", "Help.", [0.1, 1]).Observe(number % 3);
            Interlocked.Increment(ref _observed[number]);
            if (conflicts)
            {
                Assert.Throws<InvalidOperationException>(() =>
                    _registry.Gauge($"took{number}_seconds", "Another thing."));
            }
        }

        // The parser checks buckets and counts; what falls is an error here.
        private void Scrape(RisingNumbers rising)
        {
            foreach (
                var family in ParsedScrape
                    .Prometheus(_registry.ToText())
                    .Families.Where(family => family.Type is "counter" or "histogram"))
            {
                foreach (var sample in family.Samples)
                    rising.Note($"{sample.Name} {string.Join(',', sample.Labels)}", sample.Value);
            }
            rising.EndScrape();
            Interlocked.Increment(ref _scrapes);
        }

        private void Send(Random random)
        {
            var (endpoint, method, status, throws) = (
                _endpoints[random.Next(_endpoints.Length)],
                _methods[random.Next(_methods.Length)],
                _statuses[random.Next(_statuses.Length)],
                random.Next(10) == 0);
            var key = Key(
                endpoint.RoutePattern.RawText!,
                method == "FOO" ? "_OTHER" : method,
                $"{(throws ? 500 : status)}");
            var context = new DefaultHttpContext
            {
                Items =
                {
                    ["status"] = status,
                    ["throws"] = throws,
                    ["key"] = key,
                },
            };
            context.Request.Method = method;
            context.SetEndpoint(endpoint);
            _expected.AddOrUpdate(key, 1, (_, count) => count + 1);
            var sent = _app(context);
            ((IAsyncResult)sent).AsyncWaitHandle.WaitOne();

            // To look at an exception is to observe it: others count those that nobody did.
            Assert.Equal(throws, sent.Exception is not null);
        }

        private static async Task AnswerAsync(HttpContext context)
        {
            context.Response.StatusCode = (int)context.Items["status"]!;
            if ((context.Response.StatusCode & 1) == 1)
                await Task.Yield();
            if ((bool)context.Items["throws"]!)
                throw new DeliberateException();
        }

        // Each request gets its own labels, and never those of another one.
        private void Check(Info info)
        {
            var expected = (string)((HttpContext)info.Source!).Items["key"]!;
            if (Key(info.Handler, info.Method, info.Status) != expected)
                _mistaken.Enqueue($"{expected} was {info.Handler} {info.Method} {info.Status}.");
        }

        private static string Key(string handler, string method, string status) => $"{method} {handler} {status}";
    }
}
