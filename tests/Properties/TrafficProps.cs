using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Instrumentator.Properties;

/// <summary>For any requests to any endpoints, idle or busy, the middleware records what a dictionary counts.</summary>
public class TrafficProps
{
    private static readonly string[] _templates = ["/", "/items", "/items/{id}", "/users/{id}/orders", "/a/{**rest}"];

    /// <summary>A request that a sender repeats.</summary>
    /// <param name="Sender">The index of its sender; all senders run at once.</param>
    /// <param name="Endpoint">The index of its endpoint. Two endpoints have the same template.</param>
    /// <param name="Sizes">The <c>Content-Length</c> of the request and of its response.</param>
    /// <param name="Waits">Whether the response is asynchronous.</param>
    public sealed record Request(
        int Sender, int Endpoint, string Method, int Status, (int? Request, int? Answer) Sizes, bool Waits, int Times);

    private static Gen<List<Request>> Requests =>
        (from sender in Gen.Choose(0, 2)
         from endpoint in Gen.Choose(0, _templates.Length)
         from method in Gen.Elements("GET", "GET", "POST", "DELETE", "get", "BREW")
         from status in Gen.Frequency((3, Gen.Elements(200, 204, 404, 500)), (1, Generators.Statuses))
         from sizes in Gen.Zip(Lengths, Lengths)
         from waits in Gen.Elements(false, false, true)
         from times in waits ? Gen.Elements(1, 3) : Gen.Elements(1, 1, 3, 1_200)
         select new Request(sender, endpoint, method, status, sizes, waits, times))
        .ListOf();

    private static Gen<int?> Lengths => Gen.Elements<int?>(null, 0, 5, 1_000, (16 << 20) + 1);

    [Property(MaxTest = 60)]
    public Property Recorded_requests_match_a_plain_count() =>
        Prop.ForAll(Arb.From(Requests), async requests =>
        {
            var registry = new Registry();
            var app = Build(registry);
            RouteEndpoint[] endpoints = [.. _templates.Append(_templates[1]).Select(NewEndpoint)];
            var senders = requests.GroupBy(request => request.Sender);
            await Task.WhenAll(senders.Select(sent => Task.Run(() => SendAsync(app, endpoints, sent))));

            var (counts, sizes) = Count(requests);
            var recorded = await registry.ScrapeAsync(TestContext.Current.CancellationToken);
            var counted = Samples(recorded, "http_requests_total").ToDictionary(Key, CountOf);
            Assert.Equal(counts.OrderBy(one => one.Key), counted.OrderBy(one => one.Key));
            AssertSizes("http_request_size_bytes", handler => (sizes[handler].Count, sizes[handler].Requests));
            AssertSizes("http_response_size_bytes", handler => (sizes[handler].Count, sizes[handler].Responses));
            var durations = Samples(recorded, "http_request_duration_highr_seconds");
            Assert.Equal(requests.Sum(one => one.Times), durations.Sum(CountOf));

            void AssertSizes(string family, Func<string, (long Count, double Sum)> expected)
            {
                var summaries = Samples(recorded, family).ToDictionary(one => one.Labels.Values[0], one => one.Value);
                Assert.Equal(sizes.Keys.Order(StringComparer.Ordinal), summaries.Keys.Order(StringComparer.Ordinal));
                Assert.All(sizes.Keys, handler =>
                {
                    var (count, sum) = expected(handler);
                    Assert.Equal(new SampleValue.Summary(count, sum), summaries[handler]);
                });
            }
        });

    private static (string Handler, string Method, string Status) Key(Sample sample) =>
        (sample.Labels.Values[0], sample.Labels.Values[1], sample.Labels.Values[2]);

    private static long CountOf(Sample sample) =>
        sample.Value.Match(
            counter => (long)counter.Value, gauge => 0, histogram => histogram.Count, summary => summary.Count);

    private static ValueList<Sample> Samples(Snapshot recorded, string family) =>
        recorded.Families.Single(one => one.Definition.Name == family).Samples;

    private static (Dictionary<(string Handler, string Method, string Status), long> Counts,
        Dictionary<string, (long Count, double Requests, double Responses)> Sizes) Count(List<Request> requests)
    {
        var counts = new Dictionary<(string, string, string), long>();
        var sizes = new Dictionary<string, (long Count, double Requests, double Responses)>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            var handler = _templates[request.Endpoint == _templates.Length ? 1 : request.Endpoint];
            var key = (handler, MethodOf(request), GroupOf(request.Status));
            counts[key] = counts.GetValueOrDefault(key) + request.Times;
            var (count, sent, answered) = sizes.GetValueOrDefault(handler);
            var times = (double)request.Times;
            sizes[handler] = (
                count + request.Times,
                sent + ((request.Sizes.Request ?? 0) * times),
                answered + ((request.Sizes.Answer ?? 0) * times));
        }
        return (counts, sizes);
    }

    private static string MethodOf(Request request) => request.Method switch
    {
        "get" => "GET",
        "BREW" => "_OTHER",
        var method => method,
    };

    private static string GroupOf(int status) => status is >= 100 and < 600 ? $"{status / 100}xx" : "other";

    private static RouteEndpoint NewEndpoint(string template) =>
        new(_ => Task.CompletedTask, RoutePatternFactory.Parse(template), 0, null, template);

    private static RequestDelegate Build(Registry registry)
    {
        var builder = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());

        // Otherwise a request with status 101 would be long-lived and not in the latency histograms.
        var instrumentation = Instrumentation.Default.With(config => config with { LongLived = null });
        builder.UseInstrumentator(instrumentation.WithRegistry(registry));
        builder.Run(AnswerAsync);
        return builder.Build();
    }

    private static Task AnswerAsync(HttpContext context)
    {
        var request = (Request)context.Items[typeof(Request)]!;
        return request.Waits ? WaitAsync() : Answer();

        async Task WaitAsync()
        {
            await Task.Yield();
            await Answer();
        }

        Task Answer()
        {
            (context.Response.StatusCode, context.Response.ContentLength) = (request.Status, request.Sizes.Answer);
            return Task.CompletedTask;
        }
    }

    private static async Task SendAsync(RequestDelegate app, RouteEndpoint[] endpoints, IEnumerable<Request> sent)
    {
        foreach (var request in sent)
        {
            for (var i = 0; i < request.Times; i++)
            {
                var context = new DefaultHttpContext
                {
                    Request = { Method = request.Method, ContentLength = request.Sizes.Request },
                    Items = { [typeof(Request)] = request },
                };
                context.SetEndpoint(endpoints[request.Endpoint]);
                await app(context);
            }
        }
    }
}
