using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>A running instrumentation against what the pure rules say.</summary>
public class RecorderProps
{
    private static readonly Action<string, FunctionFailure> _ignore = (_, _) => { };

    [Fact]
    public void What_is_recorded_is_what_Info_From_says() =>
        Check.Holds(Gen.Zip(Generators.Facts.Generator, Generators.ValidConfigs), request =>
        {
            var (facts, config) = request;
            var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
            var route = RouteOf(recorder, facts);
            var expected = Info.From(facts, config);
            Assert.Equal(expected is not null, route.IsMeasured);
            if (expected is not null)
                Assert.Equal(expected, recorder.InfoOf(route, facts));
        }, tests: 500);

    [Fact]
    public void Paths_become_labels_up_to_the_limit_whatever_is_sent() =>
        Check.Holds(
            from limit in Gen.Choose(1, 5)
            from paths in Generators.Paths.Generator.ListOf()
            select (Limit: limit, Paths: paths),
            one =>
            {
                var config = Config.Default with { Untemplated = Untemplated.Path(one.Limit), ExcludedHandlers = ["admin"] };
                var recorder = new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore);
                var handlers = one.Paths.Select(recorder.Untemplated).Where(route => route.IsMeasured).Select(route => route.Handler);
                Assert.Equal(NaiveRequests.Infos([.. one.Paths.Select(path => new RequestFacts { Path = path })], config).Select(info => info.Handler), handlers);
            });

    [Fact]
    public void Threads_that_bring_new_paths_together_do_not_pass_the_limit()
    {
        const int ThreadCount = 4;
        var config = Config.Default with { Untemplated = Untemplated.Path(1) };
        Recorder[] recorders = [.. Enumerable.Range(0, 2_000).Select(_ => new Recorder(new() { Config = config, Registry = new(), Pipeline = Metrics.None }, _ignore))];
        var handlers = recorders.Select(_ => new string[ThreadCount]).ToArray();

        // All threads meet the same recorder at the same moment, each with a path of its own.
        using var round = new Barrier(ThreadCount);
        Threads.Run(ThreadCount, thread =>
        {
            for (var i = 0; i < recorders.Length; i++)
            {
                round.SignalAndWait();
                handlers[i][thread] = recorders[i].Untemplated($"/{thread}").Handler;
            }
        });
        Assert.All(handlers, labels => Assert.Equal(ThreadCount - 1, labels.Count(label => label == "none")));
    }

    private static Route RouteOf(Recorder recorder, RequestFacts facts) =>
        string.IsNullOrEmpty(facts.Template) ? recorder.Untemplated(facts.Path ?? "") : recorder.Templated(facts.Template, facts.RouteValues);
}
