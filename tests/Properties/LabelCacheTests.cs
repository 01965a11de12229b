namespace Instrumentator.Properties;

/// <summary>An instrumentation caches the labels of requests, each once, and a bounded number of them.</summary>
public sealed class LabelCacheTests
{
    [Fact]
    public void Routes_with_equal_labels_share_them()
    {
        var recorder = Start(new Registry());
        RequestLabels Labels(string template, string controller = "", string method = "GET", bool isLongLived = false)
        {
            var route = recorder.Templated(template, [new Label("controller", controller)]);
            return (isLongLived ? route.WhenLongLived : route).PlainLabelsOf(method, 200);
        }

        Assert.Same(Labels("/a"), Labels("/a"));
        Assert.Same(Labels("/a", isLongLived: true), Labels("/a", isLongLived: true));
        RequestLabels[] different =
        [
            Labels("/a"),
            Labels("/b"),
            Labels("/a", "c"),
            Labels("/a", method: "PUT"),
            Labels("/a", isLongLived: true),
        ];
        Assert.Equal(different.Length, different.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Labels_without_end_are_counted_right_and_not_cached_without_end()
    {
        const int Templates = 10_000;
        var recorder = Start(new Registry(seriesLimit: 100));
        var routes = Enumerable.Range(0, Templates).Select(i => recorder.Templated($"/{i}")).ToArray();
        var methods = recorder.MethodLabels;
        for (var round = 0; round < 2; round++)
        {
            foreach (var method in methods)
            {
                foreach (var route in routes)
                    recorder.Record(route, new RequestFacts { Method = method, StatusCode = 200, TicksPerSecond = 1 });
            }
        }

        Assert.InRange(Templates * methods.Length, LabelCache.MaxLabels + 1, int.MaxValue);
        Assert.Same(Labels(methods[0]), Labels(methods[0]));
        Assert.NotSame(Labels(methods[^1]), Labels(methods[^1]));
        var samples = recorder.Registry.Scrape().Families
            .Single(family => family.Definition.Name == "http_requests_total").Samples;
        Assert.Equal(
            2 * Templates * methods.Length, samples.Sum(sample => ((SampleValue.Counter)sample.Value).Value));
        Assert.Equal(101, samples.Count);

        RequestLabels Labels(string method) => routes[^1].PlainLabelsOf(method, 200);
    }

    private static Recorder Start(Registry registry) =>
        new(Instrumentation.Default.WithRegistry(registry), (_, _) => { });
}
