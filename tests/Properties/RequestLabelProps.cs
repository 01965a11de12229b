using Instrumentator.Properties.Reference;

namespace Instrumentator.Properties;

/// <summary>Request labels that the user chooses, with their order and names.</summary>
public class RequestLabelProps
{
    [Fact]
    public void A_label_that_is_null_is_an_error_and_no_crash()
    {
        var refusal = Assert.Throws<InvalidConfigException>(
            () => Metrics.Requests(new() { RequestLabels = [null!], Registry = new() }));
        Assert.Contains("The label name \"\" of http_requests_total", refusal.Message, StringComparison.Ordinal);
        var instrumentation = Instrumentation.Default.With(
            config => config with { InProgress = new() { RequestLabels = [null!] } });
        var error = Assert.Single(instrumentation.Validate());
        Assert.Contains("The label name \"\" of http_requests_inprogress", error, StringComparison.Ordinal);
    }

    private static readonly string[] _keys = ["controller", "ACTION", "page", "missing"];

    // Any labels, each any number of times, renamed or not.
    private static Gen<Choice> Choices =>
        from source in Gen.Elements("handler", "method", "status", "value")
        from key in Gen.Elements(_keys)
        from name in Gen.OneOf(Gen.Constant<string?>(null), Generators.LabelNames.Select(name => (string?)name))
        select new Choice(source, key, name);

    private static Gen<IReadOnlyList<Choice>> DistinctChoices =>
        Choices.ListOf().Select(choices => (IReadOnlyList<Choice>)[.. choices.DistinctBy(choice => choice.Label.Name)]);

    [Property(MaxTest = 500)]
    public Property A_series_has_the_chosen_labels_in_order_under_their_names() =>
        Prop.ForAll(
            Arb.From(
                from metric in Gen.Elements(MetricsTests.All)
                from choices in DistinctChoices
                from ignored in Gen.Three(Gen.Elements(true, false))
                from facts in Generators.Facts.Generator
                from config in Generators.ValidConfigs
                select (Metric: metric, Choices: choices, Ignored: ignored, Facts: facts, Config: config)),
            one =>
            {
                if (Info.From(one.Facts, one.Config) is not { } info)
                    return;
                var registry = new Registry();
                var (handler, method, status) = one.Ignored;
                one.Metric.Create(new()
                {
                    Registry = registry,
                    RequestLabels = ValueList.From(one.Choices.Select(choice => choice.Label)),
                    Handler = handler,
                    Method = method,
                    Status = status,
                    CustomLabels = [("app", "x")],
                })(info);

                Label[] expected =
                [
                    .. one.Choices.Select(choice => new Label(choice.Name, choice.ValueOf(one.Facts, one.Config))),
                    ("app", "x"),
                ];
                Assert.Equal(Set(expected), registry.Scrape().Families.Single().Samples.Single().Labels);
            });

    [Property]
    public Property The_gauge_of_requests_in_progress_has_the_chosen_labels_too() =>
        Prop.ForAll(
            Arb.From(
                from choices in DistinctChoices
                from labels in Gen.Elements(true, false)
                from facts in Generators.Facts.Generator
                select (
                    Choices: choices.Where(choice => choice.Source != "status").ToArray(),
                    Labels: labels,
                    Facts: facts with { Template = "/", StatusCode = 0 })),
            one =>
            {
                var registry = new Registry();
                var config = Config.Default with
                {
                    InProgress = new()
                    {
                        RequestLabels = ValueList.From(one.Choices.Select(choice => choice.Label)),
                        Labels = one.Labels,
                        CustomLabels = [("app", "x")],
                    },
                };
                var gauge = Start(config, registry)
                    .Templated("/", one.Facts.RouteValues)
                    .InProgressOf(one.Facts.Method, default)!.Gauge;
                gauge.Increment();

                Label[] expected =
                [
                    .. one.Choices.Select(choice => new Label(choice.Name, choice.ValueOf(one.Facts, config))),
                    ("app", "x"),
                ];
                var sample = registry.Scrape()
                    .Families.Single(family => family.Definition.Name == config.InProgress.Name)
                    .Samples.Single();
                Assert.Equal(new Sample(Set(expected), new SampleValue.Gauge(1)), sample);
                gauge.Decrement();
                Assert.Equal(0, gauge.Value);
            });

    [Fact]
    public void Routes_of_one_template_that_differ_in_their_values_are_different_series()
    {
        var registry = new Registry();
        var recorder = new Recorder(Presets.PrometheusNet(registry), (_, _) => { });
        foreach (var action in new[] { "Index", "Show", "Index" })
        {
            recorder.Record(
                recorder.Templated("{controller}/{action}", [("controller", "Home"), ("action", action)]),
                new RequestFacts { Method = "GET", StatusCode = 200 });
        }

        var snapshot = registry.Scrape();
        Assert.Equal(
            new SampleValue.Counter(2),
            snapshot.Find("http_requests_received_total", "200", "GET", "Home", "Index", "{controller}/{action}"));
        Assert.Equal(
            new SampleValue.Counter(1),
            snapshot.Find("http_requests_received_total", "200", "GET", "Home", "Show", "{controller}/{action}"));
    }

    [Property]
    public Property A_duplicate_label_name_is_an_error() =>
        Prop.ForAll(
            Arb.From(
                from metric in Gen.Elements(MetricsTests.All)
                from choices in DistinctChoices
                from first in Choices
                from other in Choices
                select (
                    Metric: metric,
                    First: first,
                    Others: choices.Where(choice => choice.Name != first.Name),
                    Twice: other.Label.As(first.Name))),
            one =>
            {
                var labels = ValueList.From(
                    one.Others.Select(choice => choice.Label).Prepend(one.First.Label).Append(one.Twice));
                var refusal = Assert.Throws<InvalidConfigException>(
                    () => one.Metric.Create(new() { Registry = new(), RequestLabels = labels }));
                Assert.Equal(
                    [
                        $"The label name \"{one.First.Name}\" of {one.Metric.Name} occurs 2 times: "
                        + "rename or remove all but one.",
                    ],
                    refusal.Errors);
            });

    [Fact]
    public void The_gauge_refuses_invalid_labels_when_the_app_starts()
    {
        var instrumentation = Instrumentation.Default.WithRegistry(new()).With(config => config with
        {
            InProgress = new()
            {
                RequestLabels =
                [
                    RequestLabel.Status.As("code"),
                    RequestLabel.Handler.As("x"),
                    RequestLabel.Method.As("x"),
                    RequestLabel.Method.As("b-c"),
                ],
            },
        });

        var refusal = Assert.Throws<InvalidConfigException>(() => new Recorder(instrumentation, (_, _) => { }));

        Assert.Equal(
            [
                "InProgress.RequestLabels contains the label \"code\", which is unknown while a request is in progress. "
                    + "Remove it.",
                "The label name \"b-c\" of http_requests_inprogress is invalid: use letters, digits and _, not "
                    + "starting with a digit.",
                "The label name \"x\" of http_requests_inprogress occurs 2 times: rename or remove all but one.",
            ],
            refusal.Errors);
    }

    [Fact]
    public void A_custom_label_cannot_have_the_name_of_a_chosen_one() =>
        Assert.Throws<InvalidConfigException>(() =>
            Metrics.Requests(new()
            {
                Registry = new(),
                RequestLabels = [RequestLabel.Handler.As("app")],
                CustomLabels = [("app", "x")],
            }));

    [Fact]
    public void Labels_are_equal_when_their_sources_and_names_are()
    {
        Assert.Equal(RequestLabel.Method, RequestLabel.Method.As("verb").As("method"));
        Assert.Equal(RequestLabel.RouteValue("page"), RequestLabel.RouteValue("page"));
        Assert.NotEqual(RequestLabel.RouteValue("page"), RequestLabel.RouteValue("area").As("page"));
        Assert.NotEqual(RequestLabel.Handler, RequestLabel.Method.As("handler"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void A_route_value_needs_a_key(string? key) =>
        Assert.ThrowsAny<ArgumentException>(() => RequestLabel.RouteValue(key!));

    [Property]
    public Property A_metric_function_reads_a_routes_values_by_name_in_any_case() =>
        Prop.ForAll(Arb.From(Gen.Zip(Generators.Facts.Generator, Gen.Elements(_keys))), one =>
        {
            var (facts, key) = one;
            Assert.Equal(ValueOf(facts, key), Info.From(facts, Config.Default)!.Value.RouteValue(key));
        });

    private static Recorder Start(Config config, Registry registry) =>
        new(new() { Config = config, Registry = registry, Pipeline = Metrics.None }, (_, _) => { });

    private static LabelSet Set(Label[] labels) => new(
        ValueList.From(labels.Select(label => label.Name)),
        [.. labels.Select(label => NaiveRegistry.Kept(label.Value))]);

    private static string ValueOf(RequestFacts facts, string key) =>
        (facts.RouteValues ?? [])
            .Where(value => Lower(value.Name) == Lower(key))
            .Select(value => value.Value)
            .FirstOrDefault("");

    private static string Lower(string name) => string.Concat(name.Select(char.ToLowerInvariant));

    /// <summary>A chosen label, with a naive implementation of its name and value.</summary>
    private sealed record Choice(string Source, string Key, string? Renamed)
    {
        public string Name => Renamed ?? (Source == "value" ? Key : Source);

        public RequestLabel Label => Renamed is null ? Plain : Plain.As(Renamed);

        private RequestLabel Plain => Source switch
        {
            "handler" => RequestLabel.Handler,
            "method" => RequestLabel.Method,
            "status" => RequestLabel.Status,
            _ => RequestLabel.RouteValue(Key),
        };

        public string ValueOf(RequestFacts facts, Config config) => Source switch
        {
            "handler" => HandlerLabel.Of(facts.Template, facts.Path, config)!,
            "method" => MethodLabel.Of(facts.Method, config),
            "status" => StatusLabel.Of(facts.StatusCode, config),
            _ => RequestLabelProps.ValueOf(facts, Key),
        };
    }
}
