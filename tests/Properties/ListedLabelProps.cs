using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>Labels with an allow-list, from headers and from any other part of a request.</summary>
public class ListedLabelProps
{
    private static readonly ConditionalWeakTable<Recorder, ConcurrentDictionary<string, Route>> _routes = [];
    private static readonly string[] _headers = ["X-Tenant", "x-plan", "Accept"];

    // Letters that are one only to those who ignore case, blanks, and texts that are nearly in a list.
    private static readonly string[] _texts =
    [
        "",
        "a",
        "A",
        "b",
        "acme",
        "ACME",
        "Acme",
        " acme\t",
        "acme,b",
        "acme ",
        "é",
        "É",
        "ı",
        "I",
        "i",
        "K",
        "k",
        "other",
        "\uD800",
    ];

    private static Gen<ValueList<string>> Lists =>
        from values in Gen.NonEmptyListOf(Gen.Elements(_texts.Where(text => text == text.Trim()).ToArray()))
        select ValueList.From(values.DistinctBy(value => value, StringComparer.OrdinalIgnoreCase));

    private static Gen<Choice> Choices =>
        from header in Gen.Elements(_headers)
        from name in Gen.Elements("x", "y", "z", "handler", "le2")
        from isFunction in Gen.Elements(true, false)
        from allowed in Lists
        from other in Gen.Elements("other", "", "acme", "rest")
        select new Choice(header, name, isFunction, allowed, other);

    private static Gen<Choice[]> DistinctChoices =>
        Choices.ListOf().Select(choices => choices.DistinctBy(choice => choice.Name).ToArray());

    private static Gen<Request> Requests =>
        from method in Gen.Elements("GET", "POST", "FOO")
        from status in Gen.Elements(200, 204, 404, 500)
        from route in Gen.Elements("/a", "/b")
        from values in Gen.ArrayOf(
            Gen.Frequency((1, Gen.Constant<string?>(null)), (5, Gen.Elements(_texts).Select(text => (string?)text))),
            _headers.Length)
        select new Request(method, status, route, values);

    [Property(MaxTest = 500)]
    public Property A_label_has_the_listed_value_or_else_the_other_value() =>
        Prop.ForAll(
            Arb.From(
                from choices in DistinctChoices
                from requests in Requests.ListOf()
                from wrapped in Gen.Elements(true, false)
                select (Choices: choices, Requests: requests, Wrapped: wrapped)),
            one =>
            {
                var registry = new Registry();
                var metric = Metrics.Requests(
                    new()
                    {
                        Registry = registry,
                        RequestLabels =
                        [
                            RequestLabel.Handler.As("route"),
                            RequestLabel.Status,
                            .. one.Choices.Select(choice => choice.Label),
                        ],
                    });
                var recorder = Start(
                    registry,
                    it => it.Add(one.Wrapped ? Metrics.From(info => metric(info)) : metric.When(_ => true)));
                foreach (var request in one.Requests)
                    request.Record(recorder);

                Assert.Equal(
                    Counted(
                        one.Requests.Select(request =>
                            string.Join(
                                '|',
                                [
                                    request.Route,
                                    StatusLabel.Of(request.Status, Config.Default),
                                    .. one.Choices.Select(choice => choice.ValueOf(request)),
                                ]))),
                    Series(registry, "http_requests_total"));
            });

    [Property]
    public Property The_default_metrics_have_them_on_all_families_but_one() =>
        Prop.ForAll(Arb.From(Gen.Zip(DistinctChoices, Requests.ListOf())), one =>
        {
            var (choices, requests) = one;
            var labels = choices.Where(choice => choice.Name != "handler").ToArray();
            var registry = new Registry();
            var recorder = Start(
                registry,
                it =>
                    it.WithDefaultMetrics(
                        new()
                        {
                            ExtraRequestLabels = ValueList.From(labels.Select(choice => choice.Label)),
                            CustomLabels = [("app", "x")],
                        }));
            foreach (var request in requests)
                request.Record(recorder);

            foreach (var (family, ofRequest) in DefaultFamilies)
            {
                var expected = requests.Select(request => string.Join(
                    '|', [.. ofRequest(request), .. labels.Select(choice => choice.ValueOf(request)), "x"]));
                Assert.Equal(Counted(expected), Series(registry, family));
            }
            Assert.Equal([$" {requests.Count}"], Series(registry, "http_request_duration_highr_seconds"));
        });

    [Property]
    public Property The_gauge_of_requests_in_progress_has_them_too() =>
        Prop.ForAll(Arb.From(Gen.Zip(DistinctChoices, Requests.ListOf())), one =>
        {
            var (choices, requests) = one;
            var registry = new Registry();
            var gauge = new InProgressOptions
            {
                RequestLabels =
                [
                    RequestLabel.Handler.As("route"),
                    RequestLabel.Method,
                    .. choices.Select(choice => choice.Label),
                ],
            };
            var recorder = Start(registry, it => it.With(config => config with { InProgress = gauge }));
            var gauges = requests
                .Select(request =>
                    RouteOf(recorder, request.Route).InProgressOf(request.Method, request.Exchange)!)
                .ToArray();
            foreach (var running in gauges)
                running.Gauge.Increment();

            Assert.Equal(
                Counted(
                    requests.Select(request =>
                        string.Join(
                            '|',
                            [
                                request.Route,
                                MethodLabel.Of(request.Method, Config.Default),
                                .. choices.Select(choice => choice.ValueOf(request)),
                            ]))),
                Series(registry, "http_requests_inprogress"));
        });

    [Fact]
    public void A_known_combination_of_values_allocates_nothing()
    {
        var registry = new Registry();
        ValueList<RequestLabel> labels =
        [
            RequestLabel.Header("X-Tenant", ["acme", "globex"]),
            RequestLabel.From("y", request => request.Header("x-plan"), ["free", "pro"]),
        ];
        var recorder = Start(
            registry,
            it =>
                it.WithDefaultMetrics(new() { ExtraRequestLabels = labels })
                    .With(config => config with { InProgress = new() { RequestLabels = labels } }));
        var route = recorder.Templated("/items/{id}");
        Exchange[] requests =
        [
            .. from tenant in new[] { "acme", " GLOBEX ", "none", new string('x', 10_000), null }
               from plan in new[] { "free", "pro", null }
               select new Request("GET", 200, "/", [tenant, plan, null]).Exchange,
        ];
        AllocationTests.AssertAllocatesNothing(i =>
        {
            var exchange = requests[i % requests.Length];
            route.InProgressOf("GET", exchange)!.Gauge.Increment();
            var facts = new RequestFacts { Method = "GET", StatusCode = 200, EndedAt = i, TicksPerSecond = 1_000 };
            recorder.Record(route, facts with { Exchange = exchange });
            route.InProgressOf("GET", exchange)!.Gauge.Decrement();
        });
    }

    [Fact]
    public void Combinations_without_end_are_counted_right_and_not_remembered_without_end()
    {
        var registry = new Registry(seriesLimit: LabelCache.MaxLabels + 1_000);
        var values = ValueList.From(
            Enumerable.Range(0, 400).Select(number => FormattableString.Invariant($"v{number}")));
        ValueList<RequestLabel> labels =
        [
            RequestLabel.Header("X-Tenant", values),
            RequestLabel.Header("x-plan", values),
        ];
        var recorder = Start(
            registry,
            it => it.Add(Metrics.Requests(new() { Registry = registry, RequestLabels = labels })));
        var route = recorder.Templated("/");
        RequestFacts Facts(int number) => new()
        {
            Method = "GET",
            StatusCode = 200,
            TicksPerSecond = 1,
            Exchange = new Request("GET", 200, "/", [values[number / 400], values[number % 400], null]).Exchange,
        };
        RequestLabels Labels(int number) => route.LabelsOf("GET", 200, Facts(number).Exchange);

        for (var number = 0; number < LabelCache.MaxLabels + 500; number++)
            recorder.Record(route, Facts(number));
        recorder.Record(route, Facts(LabelCache.MaxLabels + 7));

        Assert.Same(Labels(3), Labels(3));
        Assert.NotSame(Labels(LabelCache.MaxLabels + 7), Labels(LabelCache.MaxLabels + 7));
        var counters = registry.Scrape();
        Assert.Equal(new SampleValue.Counter(1), counters.Find("http_requests_total", "v0", "v3"));
        Assert.Equal(new SampleValue.Counter(2), counters.Find("http_requests_total", "v250", "v7"));
        Assert.Equal(LabelCache.MaxLabels + 500, counters.Families.Single().Samples.Count);
    }

    [Fact]
    public void Lists_with_too_many_combinations_to_number_are_counted_correctly()
    {
        var registry = new Registry();
        var values = ValueList.From(
            Enumerable.Range(0, 1_000).Select(number => FormattableString.Invariant($"v{number}")));
        ValueList<RequestLabel> labels =
        [
            .. Enumerable
                .Range(0, 14)
                .Select(number =>
                    RequestLabel.From(
                        FormattableString.Invariant($"l{number}"),
                        request => request.Header("Accept") + number,
                        values)),
        ];
        var recorder = Start(
            registry,
            it =>
                it.Add(Metrics.Requests(new() { Registry = registry, RequestLabels = labels }))
                    .With(config => config with { InProgress = new() { RequestLabels = labels } }));
        var request = new Request("GET", 200, "/", [null, null, "v1"]);

        request.Record(recorder);
        request.Record(recorder);
        recorder.Templated("/").InProgressOf("GET", request.Exchange)!.Gauge.Increment();

        string[] expected = [.. Enumerable.Range(0, 14).Select(number => FormattableString.Invariant($"v1{number}"))];
        Assert.Equal(new SampleValue.Counter(2), registry.Scrape().Find("http_requests_total", expected));
        Assert.Equal(new SampleValue.Gauge(1), registry.Scrape().Find("http_requests_inprogress", expected));
    }

    [Fact]
    public void A_function_that_throws_gives_the_other_value_and_is_counted_and_reported_once()
    {
        var (registry, reports) = (new Registry(), new List<string>());
        var instrumentation = Instrumentation
            .Default.WithRegistry(registry)
            .Add(
                Metrics.Requests(
                    new() { Registry = registry, RequestLabels = [RequestLabel.From("plan", Fails, ["free"])] }))
            .AddAsync(_ => ValueTask.CompletedTask)
            .With(config =>
                config with
                {
                    InProgress = new() { RequestLabels = [RequestLabel.From("plan", Fails, ["free"], "rest")] },
                });
        var recorder = new Recorder(
            instrumentation,
            (name, failure) => reports.Add($"{name}: {failure.Exception?.Message}"));
        var route = recorder.Templated("/");
        for (var i = 0; i < 3; i++)
        {
            recorder.Record(route, new RequestFacts { Method = "GET" });
            recorder.InfoOf(route, new RequestFacts { Method = "GET" });
        }
        route.InProgressOf("GET", default)!.Gauge.Increment();

        Assert.Equal(Enumerable.Repeat("Instrumentator.Properties.ListedLabelProps.Fails: no plan", 2), reports);
        Assert.Equal(new SampleValue.Counter(3), registry.Scrape().Find("http_requests_total", "other"));
        Assert.Equal(new SampleValue.Gauge(1), registry.Scrape().Find("http_requests_inprogress", "rest"));
        Assert.Equal(
            new SampleValue.Counter(4),
            registry
                .Scrape()
                .Find(
                    "instrumentator_metric_function_errors_total",
                    "Instrumentator.Properties.ListedLabelProps.Fails"));
    }

    [Fact]
    public void A_header_names_its_label_and_As_renames_it()
    {
        Assert.Equal("x_tenant", RequestLabel.Header("X-Tenant", ["a"]).Name);
        Assert.Equal("tenant", RequestLabel.Header("X-Tenant", ["a"]).As("tenant").Name);
        Assert.Equal("a_b_1", RequestLabel.Header("A.b~1", ["a"]).Name);
        Assert.Equal(RequestLabel.Header("X-Tenant", ["a"]), RequestLabel.Header("X-Tenant", ["a"]));
        Assert.NotEqual(RequestLabel.Header("X-Tenant", ["a"]), RequestLabel.Header("X-Tenant", ["a", "b"]));
        Assert.NotEqual(RequestLabel.Header("X-Tenant", ["a"]), RequestLabel.Header("X-Tenant", ["a"], "rest"));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_with_value_rule_and_way_out()
    {
        ValueList<RequestLabel> labels =
        [
            RequestLabel.Header("X Tenant", []),
            RequestLabel.Header(null!, null!),
            RequestLabel.From(null!, null!, ["a", "A", null!, " b", "_overflow"], null!),
            RequestLabel.From(
                "long",
                _ => "",
                ValueList.From(Enumerable.Range(0, 1_001).Select(number => FormattableString.Invariant($"{number}"))),
                "_overflow"),
            RequestLabel.From("le", _ => "", ["a"]),
        ];
        string[] expected =
        [
            "The request label \"x_tenant\" has the header \"X Tenant\", which is not a header name: use letters, "
                + "digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).",
            List("x_tenant", "has 0 values"),
            "The request label \"\" has the header \"\", which is not a header name: use letters, digits and "
                + "!#$%&'*+-.^_`|~ (RFC 9110, 5.6.2).",
            List("", "is null"),
            "The request label \"\" has no function. Specify one, or use RequestLabel.Header.",
            "The request label \"\" is null for values outside its list. Use \"other\", or \"\" for an empty label.",
            List("", "holds null"),
            List("", "holds \" b\", which no request can have: surrounding whitespace is ignored"),
            List("", "holds \"_overflow\", which is reserved"),
            List("", "holds \"a\" 2 times"),
            "The request label \"long\" is \"_overflow\", which is reserved, for values outside its list. Use "
                + "\"other\", or \"\" for an empty label.",
            List("long", "has 1001 values"),
        ];
        var names =
            "The label name \"\" of http_request_duration_seconds is invalid: use letters, digits and _, not starting "
                + "with a digit.";
        string[] ofNames =
        [
            names,
            names,
            "The label name \"le\" of http_request_duration_seconds is reserved for the format itself: use another "
                + "name.",
            "The label name \"\" of http_request_duration_seconds occurs 2 times: rename or remove all but one.",
        ];

        var refusal = Assert.Throws<InvalidConfigException>(
            () => Metrics.Latency(new() { Registry = new(), RequestLabels = labels }));
        Assert.Equal([.. expected, .. ofNames], refusal.Errors);
        Assert.Equal(
            expected, new DefaultMetricsOptions { ExtraRequestLabels = labels }.Validate().Take(expected.Length));
        var gauge = Instrumentation.Default
            .With(config => config with { InProgress = new() { RequestLabels = labels } })
            .Validate();
        Assert.Equal(expected, gauge.Take(expected.Length));

        static string List(string label, string what) =>
            $"The list of the request label \"{label}\" {what}. List 1 to 1,000 values, each once regardless of case.";
    }

    [Fact]
    public void The_preset_accepts_extra_labels()
    {
        var registry = new Registry();
        var recorder = new Recorder(
            Presets.PrometheusNet(registry, extra: [RequestLabel.Header("X-Tenant", ["acme"])]),
            (_, _) => { });
        new Request("GET", 200, "/a", ["ACME", null, null]).Record(recorder);

        Assert.Equal(
            new SampleValue.Counter(1),
            registry.Scrape().Find("http_requests_received_total", "200", "GET", "", "", "/a", "acme"));
    }

    private static IEnumerable<(string Family, Func<Request, string[]> Labels)> DefaultFamilies =>
        [
            (
                "http_requests_total",
                request =>
                    [
                        request.Route,
                        MethodLabel.Of(request.Method, Config.Default),
                        StatusLabel.Of(request.Status, Config.Default),
                    ]),
            ("http_request_size_bytes", request => [request.Route]),
            ("http_response_size_bytes", request => [request.Route]),
            (
                "http_request_duration_seconds",
                request => [request.Route, MethodLabel.Of(request.Method, Config.Default)]),
        ];

    private static string? Fails(RequestView request) => throw new InvalidOperationException("no plan");

    // One for each template, as an app has it: what it remembers of one request must not reach another.
    private static Route RouteOf(Recorder recorder, string template) =>
        _routes.GetOrCreateValue(recorder).GetOrAdd(template, one => recorder.Templated(one));

    private static Recorder Start(Registry registry, Func<Instrumentation, Instrumentation> change) =>
        new(change(Instrumentation.Default.WithRegistry(registry)), (_, _) => { });

    // A family cleans text that is not valid Unicode.
    private static string[] Counted(IEnumerable<string> series) =>
        [
            .. series
                .Select(LabelSet.Clean)
                .CountBy(labels => labels)
                .Select(one => $"{one.Key} {one.Value}")
                .Order(StringComparer.Ordinal),
        ];

    private static string[] Series(Registry registry, string family) =>
        [
            .. registry
                .Scrape()
                .Families.Where(one => one.Definition.Name == family)
                .SelectMany(one => one.Samples)
                .Select(sample =>
                    FormattableString.Invariant($"{string.Join('|', sample.Labels.Values)} {Number(sample.Value)}"))
                .Order(StringComparer.Ordinal),
        ];

    private static double Number(SampleValue value) =>
        value.Match(
            counter => counter.Value,
            gauge => gauge.Value,
            histogram => histogram.Count,
            summary => summary.Count);

    private static string Upper(string text) => string.Concat(text.Select(char.ToUpperInvariant));

    /// <summary>The options of a label, with a naive computation of its value.</summary>
    private sealed record Choice(string Header, string Name, bool IsFunction, ValueList<string> Allowed, string Other)
    {
        public RequestLabel Label =>
            IsFunction
                ? RequestLabel.From(
                    Name,
                    request => request.Header(Header) ?? throw new InvalidOperationException(),
                    Allowed,
                    Other)
                : RequestLabel.Header(Header, Allowed, Other).As(Name);

        public string ValueOf(Request request)
        {
            var text = request.Values[Array.IndexOf(_headers, Header)];
            if (text is null && IsFunction)
                return Other;
            var found = Allowed.Where(value => Upper(value) == Upper((text ?? "").Trim())).ToArray();
            return found is [var one] ? one : Other;
        }
    }

    private sealed record Request(string Method, int Status, string Route, string?[] Values)
    {
        public Exchange Exchange => new(Values, new HeaderReader());

        public void Record(Recorder recorder) =>
            recorder.Record(
                RouteOf(recorder, Route),
                new RequestFacts
                {
                    Method = Method,
                    StatusCode = Status,
                    TicksPerSecond = 1,
                    Exchange = Exchange,
                });
    }

    private sealed class HeaderReader : ExchangeReader
    {
        public override string Path(object source) => "";

        public override string Scheme(object source) => "";

        public override string Protocol(object source) => "";

        public override string? RequestHeader(object source, string name)
        {
            for (var i = 0; i < _headers.Length; i++)
            {
                if (string.Equals(_headers[i], name, StringComparison.OrdinalIgnoreCase))
                    return ((string?[])source)[i];
            }
            return null;
        }

        public override string? ResponseHeader(object source, string name) => null;

        public override ReadOnlyMemory<byte> ResponseBody(object source) => default;

        public override Exception? HandledException(object source) => null;

        public override string? GrpcStatus(object source) => null;

        public override bool IsUnhandled(object source) => false;
    }
}
