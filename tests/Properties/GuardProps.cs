namespace Instrumentator.Properties;

/// <summary>An instrumentation runs each function on its own: what one throws concerns no other, and never the
/// request.</summary>
public class GuardProps
{
    private static readonly Action<string, FunctionFailure> _ignore = (_, _) => { };

    [Property]
    public Property Functions_and_conditions_that_throw_change_nothing_for_the_others_and_are_counted() =>
        Prop.ForAll(
            Arb.From(
                from expression in Generators.Expressions.Generator
                from requests in Gen.Choose(1, 3)
                from functions in Gen.SubListOf(Enumerable.Range(0, Generators.FunctionCount))
                from conditions in Gen.SubListOf(Enumerable.Range(0, Generators.ConditionCount))
                select (Expression: expression, Requests: requests, Functions: functions, Conditions: conditions)),
            one =>
            {
                var (log, registry) = (new List<int>(), new Registry());
                var pipeline = one.Expression.Build(
                    function =>
                        Metrics.From(_ =>
                            log.Add(
                                one.Functions.Contains(function) ? throw new InvalidOperationException() : function)),
                    condition =>
                        _ =>
                            one.Conditions.Contains(condition)
                                ? throw new InvalidOperationException()
                                : condition != 0);
                Record(Instrumentation.Default.WithRegistry(registry) with { Pipeline = pipeline }, one.Requests);

                // A condition fails for each function that it stands before; inside one that does not hold, nothing is
                // asked.
                var verdicts = one
                    .Expression.Leaves()
                    .ToLookup(
                        leaf => Verdict(leaf.Function, leaf.Conditions, one.Functions, one.Conditions),
                        leaf => leaf.Function);
                Assert.Equal(
                    Enumerable.Repeat(verdicts["runs"], one.Requests).SelectMany(functions => functions),
                    log);
                Assert.Equal(verdicts["throws"].Count() * one.Requests, Failures(registry));
            });

    [Fact]
    public void The_first_exception_of_each_function_is_reported_and_all_are_counted_under_its_name()
    {
        var reports = new List<(string Name, string Message)>();
        var registry = new Registry();
        var instrumentation = Instrumentation
            .Default.WithRegistry(registry)
            .Add(Metrics.From(Fails))
            .Add(FailsToo)
            .Add(Metrics.From(FailsWhen).When(_ => true));
        var recorder = new Recorder(
            instrumentation,
            (name, failure) => reports.Add((name, failure.Exception!.Message)));
        for (var i = 0; i < 3; i++)
            recorder.Record(recorder.Templated("/"), default);

        Assert.Equal(["Fails", "FailsToo", "FailsWhen"], reports.Select(report => report.Message));
        Assert.All(
            reports,
            report => Assert.Equal($"Instrumentator.Properties.GuardProps.{report.Message}", report.Name));
        Assert.Equal(9, Failures(registry));
        Assert.All(
            reports,
            report =>
                Assert.Equal(
                    new SampleValue.Counter(3),
                    registry.Scrape().Find(FunctionFailures.CounterName, report.Name)));
    }

    [Fact]
    public void A_function_has_the_name_that_it_was_given()
    {
        var names = NamesOf(Metrics.From(_ => throw new InvalidOperationException(), "by-tenant"));
        Assert.Equal(["by-tenant"], names);
        Assert.Throws<ArgumentException>("name", () => Metrics.From(_ => { }, " "));
    }

    [Fact]
    public async Task An_asynchronous_function_has_the_name_that_it_was_given()
    {
        var names = new List<string>();
        var recorder = new Recorder(
            Instrumentation.Default.WithRegistry(new())
                .AddAsync(Metrics.FromAsync(FailsLater, "audit"))
                .AddAsync(Metrics.FromAsync(FailsLater)),
            (name, _) => names.Add(name));
        await recorder.RecordAsync(default);
        Assert.Equal(["audit", "Instrumentator.Properties.GuardProps.FailsLater"], names);
        Assert.Throws<ArgumentException>("name", () => Metrics.FromAsync(FailsLater, ""));
    }

    [Fact]
    public void A_lambda_has_the_name_of_the_member_that_contains_it()
    {
        var captured = new InvalidOperationException();
        Func<Info, Unit> metrics = Metrics.From(_ => throw new InvalidOperationException())
            .Then(Metrics.From(_ => throw captured))
            .Then(_ => Local());
        var member = $"{typeof(GuardProps).FullName}.{nameof(A_lambda_has_the_name_of_the_member_that_contains_it)}";
        Assert.Equal([member, member, member], NamesOf(metrics));

        Unit Local() => throw captured;
    }

    private static List<string> NamesOf(Func<Info, Unit> metrics)
    {
        var names = new List<string>();
        var recorder =
            new Recorder(Instrumentation.Default.WithRegistry(new()).Add(metrics), (name, _) => names.Add(name));
        recorder.Record(recorder.Templated("/"), default);
        return names;
    }

    [Fact]
    public async Task Asynchronous_functions_that_throw_are_counted_and_keep_no_other_from_running()
    {
        var (reports, log, registry) = (new List<string>(), new List<string>(), new Registry());
        var instrumentation = Instrumentation.Default.WithRegistry(registry)
            .AddAsync(FailsLater)
            .AddAsync(_ => throw new InvalidOperationException("At once."))
            .AddAsync(async _ =>
            {
                await Task.Yield();
                log.Add("ran");
            });
        var recorder = new Recorder(instrumentation, (_, failure) => reports.Add(failure.Exception!.Message));
        await recorder.RecordAsync(default);
        await recorder.RecordAsync(default);

        Assert.Equal(["FailsLater", "At once."], reports);
        Assert.Equal(["ran", "ran"], log);
        Assert.Equal(4, Failures(registry));
    }

    [Fact]
    public void An_exception_of_the_report_callback_is_swallowed()
    {
        var registry = new Registry();
        var instrumentation = Instrumentation.Default.WithRegistry(registry).Add(Metrics.From(Fails));
        var recorder = new Recorder(instrumentation, (_, _) => throw new InvalidOperationException("The log is full."));
        recorder.Record(recorder.Templated("/"), default);
        recorder.Record(recorder.Templated("/"), default);
        Assert.Equal(2, Failures(registry));
    }

    [Fact]
    public void Without_failures_there_is_no_family_of_failures()
    {
        var registry = new Registry();
        Record(Instrumentation.Default.WithRegistry(registry).Add(Metrics.From(_ => { })), 1);
        Assert.Empty(registry.Scrape().Families);
    }

    [Fact]
    public void A_built_in_metric_that_is_added_twice_counts_once()
    {
        var registry = new Registry();
        Func<Info, Unit> Requests() => Metrics.Requests(new() { Registry = registry });
        Record(Instrumentation.Default.Add(Requests().Then(Requests())).Add(Requests()), 3);
        Assert.Equal(new SampleValue.Counter(3), registry.Scrape().Find("http_requests_total", "/", "_OTHER", "other"));
    }

    [Fact]
    public void Built_in_metrics_before_and_after_a_custom_function_all_count()
    {
        var (registry, runs) = (new Registry(), 0);
        Func<Info, Unit> Requests(string name) =>
            Metrics.Requests(
                new()
                {
                    Registry = registry,
                    Name = name,
                    Handler = false,
                    Method = false,
                    Status = false,
                });
        Record(
            Instrumentation.Default.Add(Requests("a_total")).Add(Metrics.From(_ => runs++)).Add(Requests("b_total")),
            3);
        Assert.Equal(
            (3, new SampleValue.Counter(3), new SampleValue.Counter(3)),
            (runs, registry.Scrape().Find("a_total"), registry.Scrape().Find("b_total")));
    }

    [Fact]
    public void A_custom_function_that_is_added_twice_runs_twice()
    {
        var runs = 0;
        var once = Metrics.From(_ => runs++);
        var sometimes = once.When(_ => true);
        Record(Instrumentation.Default.WithRegistry(new()).Add(once).Add(once).Add(sometimes).Add(sometimes), 1);
        Assert.Equal(4, runs);
    }

    [Fact]
    public void Two_built_in_metrics_of_one_family_each_count_their_own_series()
    {
        var registry = new Registry();
        Func<Info, Unit> Requests(string app) =>
            Metrics.Requests(new() { Registry = registry, CustomLabels = [("app", app)] });
        Record(Instrumentation.Default.Add(Requests("a")).Add(Requests("b")), 2);
        Assert.Equal(
            [2.0, 2.0],
            registry.Scrape().Families.Single().Samples.Select(sample => ((SampleValue.Counter)sample.Value).Value));
    }

    [Fact]
    public void Adding_nothing_leaves_the_default_metrics()
    {
        var registry = new Registry();
        Record(Instrumentation.Default.WithRegistry(registry).Add(Metrics.None).Add(Metrics.None.When(_ => true)), 1);
        Assert.Equal(new SampleValue.Counter(1), registry.Scrape().Find("http_requests_total", "/", "_OTHER", "other"));
    }

    private static string Verdict(
        int function,
        int[] conditions,
        List<int> failingFunctions,
        List<int> failingConditions)
    {
        foreach (var condition in conditions)
        {
            if (failingConditions.Contains(condition))
                return "throws";
            if (condition == 0)
                return "is left out";
        }
        return failingFunctions.Contains(function) ? "throws" : "runs";
    }

    private static void Record(Instrumentation instrumentation, int times)
    {
        var recorder = new Recorder(instrumentation, _ignore);
        for (var i = 0; i < times; i++)
            recorder.Record(recorder.Templated("/"), default);
    }

    private static double Failures(Registry registry) =>
        registry.Scrape().Families.Where(family => family.Definition.Name == FunctionFailures.CounterName)
            .SelectMany(family => family.Samples).Sum(sample => ((SampleValue.Counter)sample.Value).Value);

    private static void Fails(Info info) => throw new InvalidOperationException(nameof(Fails));

    private static Unit FailsToo(Info info) => throw new InvalidOperationException(nameof(FailsToo));

    private static void FailsWhen(Info info) => throw new InvalidOperationException(nameof(FailsWhen));

    private static async ValueTask FailsLater(Info info)
    {
        await Task.Yield();
        throw new InvalidOperationException(nameof(FailsLater));
    }
}
