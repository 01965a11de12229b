namespace Instrumentator.Properties;

/// <summary>Request facts, rules, and the Info that results from them.</summary>
internal static partial class Generators
{
    public static IReadOnlyList<string> ValidPatterns { get; } =
    [
        "",
        "/",
        "^/$",
        "^$",
        "/items",
        "^/items/\\{id\\}$",
        ".*admin.*",
        "(?i)ADMIN",
        "[0-9]+",
        "a|b",
        "\\.",
        "\\bapi\\b",
        "(a+)+$",
        "^(/v[0-9])?/",
        "\\p{Lu}",
        "[^/]{3,}",
        "é$",
        "^x?y*z+",
        "\\s",
        "\\{",
        "(?:a|aa)+b",
        "none",
    ];

    public static IReadOnlyList<string> InvalidPatterns { get; } =
    [
        "(",
        "[",
        "*a",
        "\\",
        "a{2,1}",
        "(?=a)",
        "(?!x)",
        "(?<=a)b",
        "(?<!a)b",
        "(a)\\1",
        "(?<n>a)\\k<n>",
        "(?>a)b",
        "(?P<n>a)",
        "[z-a]",
    ];

    /// <summary>Paths and templates.</summary>
    public static Arbitrary<string> Paths => Arb.From(
        Gen.Frequency(
            (4, Gen.Elements(
                "/", "/items", "/items/{id}", "/items/{id:int}", "/items/1", "/admin", "/api/v1/users", "/metrics")),
            (2, Gen.Elements("none", "", "//", "/%2F", "/A", "/é", "/aaaa", "/v1/x")),
            (3, Gen.Elements("/abxyz019{}.-_%é \n".ToCharArray()).ArrayOf().Select(chars => "/" + new string(chars))),
            (1, Gen.Elements(
                new string('a', 10_000),
                "/" + new string('a', 10_000) + "!",
                string.Concat(Enumerable.Repeat("/x", 3_000)))),
            (1, Texts.Generator)),
        ShrinkText);

    public static Gen<string?> Methods => Gen.Frequency(
        (4, Gen.Elements<string?>(
                "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY")),
        (2, Gen.Elements<string?>(
                "get", "Get", "pAtCh", "PROPFIND", "propfind", "PURGE", "", " ", "GET ", "_OTHER", null)),
        (1, Gen.Elements<string?>("_other", "GÉT", "GİT", "OPTıONS", "POſT")),
        (1, Texts.Generator.Select(text => (string?)text)));

    public static Gen<int> Statuses => Gen.Frequency(
        (4, Gen.Choose(100, 599)),
        (2, Gen.Elements(0, -1, 1, 99, 100, 199, 200, 399, 499, 500, 599, 600, 999, 1_000, int.MinValue, int.MaxValue)),
        (1, Gen.Choose(int.MinValue, int.MaxValue)));

    /// <summary>Timestamps and their ticks per second, mostly from a working clock.</summary>
    public static Gen<(long Start, long? Response, long End, long PerSecond)> Clocks => Gen.Frequency(
        (3, from start in Gen.Choose(0, 1_000_000)
            from response in Gen.Choose(0, 50_000_000)
            from rest in Gen.Choose(0, 50_000_000)
            select ((long)start, (long?)start + response, (long)start + response + rest, 10_000_000L)),
        (2, from start in Longs
            from response in Gen.Frequency((1, Gen.Constant<long?>(null)), (2, Longs.Select(moment => (long?)moment)))
            from end in Longs
            from perSecond in Gen.Elements(1_000_000_000, 10_000_000, 1, 3, 7, 0, -1, long.MinValue, long.MaxValue)
            select (start, response, end, perSecond)));

    /// <summary>Route values: names in any case, some of them twice.</summary>
    public static Gen<ValueList<Label>> RouteValues =>
        from values in Gen.Zip(
                Gen.Elements("controller", "Action", "action", "page", "area"),
                Gen.Frequency((2, Gen.Elements("Home", "Index", "")), (1, Texts.Generator)))
            .Select(value => new Label(value.Item1, value.Item2))
            .ListOf()
        select ValueList.From(values);

    /// <summary>What an adapter might say, right or not.</summary>
    public static Arbitrary<RequestFacts> Facts =>
        Arb.From(
            from method in Methods
            from template in Gen.Frequency(
                (2, Gen.Elements<string?>(null, "")),
                (5, Paths.Generator.Select(path => (string?)path)))
            from values in Gen.Frequency(
                (1, Gen.Constant<ValueList<Label>?>(null)),
                (string.IsNullOrEmpty(template) ? 0 : 2, RouteValues.Select(values => (ValueList<Label>?)values)))
            from path in Gen.Frequency(
                (1, Gen.Constant<string?>(null)),
                (6, Paths.Generator.Select(path => (string?)path)))
            from status in Statuses
            from clock in Clocks
            from sizes in Gen.Two(
                Gen.Frequency((1, Gen.Constant<long?>(null)), (4, Longs.Select(size => (long?)size))))
            from exception in Gen.Elements<Exception?>(null, null, _exception)
            select new RequestFacts
            {
                Method = method,
                Template = template,
                RouteValues = values,
                Path = path,
                StatusCode = status,
                StartedAt = clock.Start,
                ResponseStartedAt = clock.Response,
                EndedAt = clock.End,
                TicksPerSecond = clock.PerSecond,
                RequestSize = sizes.Item1,
                ResponseSize = sizes.Item2,
                Exception = exception,
            },
            ShrinkFacts);

    /// <summary>Rules as an app that starts has them.</summary>
    public static Gen<Config> ValidConfigs =>
        Configs(
            patterns: Gen.Elements<string>(ValidPatterns),
            untemplated: Gen.Elements(
                Untemplated.Ignore,
                Untemplated.Group(),
                Untemplated.Group("other pages"),
                Untemplated.Path(1),
                Untemplated.Path(3),
                Untemplated.Path()),
            methods: Gen.Elements("PROPFIND", "purge", "get", "M-SEARCH", "_OTHER"));

    /// <summary>Rules of which any may be wrong.</summary>
    public static Gen<Config> AnyConfigs =>
        Configs(
            patterns: Gen.Frequency(
                (2, Gen.Elements<string>(ValidPatterns)),
                (1, Gen.Elements<string>(InvalidPatterns)),
                (1, Gen.Constant<string>(null!))),
            untemplated: Gen.Elements(
                Untemplated.Ignore,
                Untemplated.Group(""),
                Untemplated.Group(null!),
                Untemplated.Path(0),
                Untemplated.Path(-1),
                Untemplated.Path(2),
                null!),
            methods: Gen.Frequency((2, Gen.Elements("PROPFIND", "purge", "get")), (1, Texts.Generator)));

    /// <summary>Infos as metric functions receive them, all of measured requests.</summary>
    public static Gen<Info> Infos =>
        from facts in Facts.Generator
        from grouped in Gen.Elements(true, false)
        select Info.From(facts, Config.Default with { GroupStatusCodes = grouped })!.Value;

    private static readonly InvalidOperationException _exception = new("The app failed.");

    private static Gen<Config> Configs(Gen<string> patterns, Gen<Untemplated> untemplated, Gen<string> methods) =>
        from grouped in Gen.Elements(true, false)
        from rest in untemplated
        from excluded in Few(patterns)
        from bodies in Few(patterns)
        from limit in Gen.Elements(0, 1, 65_536)
        from decimals in Gen.Elements<int?>(
            null,
            null,
            0,
            1,
            3,
            4,
            6,
            22,
            23,
            400,
            -1,
            -2,
            -400,
            int.MinValue,
            int.MaxValue)
        from streaming in Gen.Elements(true, false)
        from inProgress in Gen.Elements<InProgressOptions?>(
            null,
            new(),
            new() { Labels = true, CustomLabels = [("app", "x")] },
            new() { RequestLabels = [RequestLabel.Method.As("verb"), RequestLabel.RouteValue("controller")] })
        from longLived in Gen.Elements(null, new LongLivedOptions())
        from aborts in Gen.Elements(ClientAborts.Status499, ClientAborts.OwnGroup, ClientAborts.AsAnswered)
        from enabledBy in Gen.Elements<string?>(null, "METRICS")
        from extra in Few(methods)
        from template in Gen.Elements(HandlerTemplate.Names, HandlerTemplate.Raw)
        from assets in Gen.Elements<string?>(null, "static assets", "files")
        from rejected in Gen.Elements(true, false)
        from pathBase in Gen.Elements(true, false)
        select new Config
        {
            GroupStatusCodes = grouped,
            Untemplated = rest,
            ExcludedHandlers = excluded,
            BodyHandlers = bodies,
            BodyLimit = limit,
            LatencyDecimals = decimals,
            ExcludeStreamingDuration = streaming,
            InProgress = inProgress,
            LongLived = longLived,
            ClientAborts = aborts,
            EnabledBy = enabledBy,
            ExtraMethods = extra,
            HandlerTemplate = template,
            StaticAssets = assets,
            LabelRejected = rejected,
            IncludePathBase = pathBase,
        };

    // Mostly no items, so that most requests are measured.
    private static Gen<ValueList<T>> Few<T>(Gen<T> items) =>
        from count in Gen.Elements(0, 0, 0, 1, 1, 2)
        from list in items.ListOf(count)
        select ValueList.From(list);

    // Replaces one fact after the other with a plain one.
    private static IEnumerable<RequestFacts> ShrinkFacts(RequestFacts facts) => new[]
    {
        facts with { Method = "GET" },
        facts with { Template = "/" },
        facts with { Template = null, RouteValues = null },
        facts with { RouteValues = null },
        facts with { Path = "/" },
        facts with { StatusCode = 200 },
        facts with { StartedAt = 0, ResponseStartedAt = null, EndedAt = 1, TicksPerSecond = 1 },
        facts with { RequestSize = null, ResponseSize = null },
        facts with { Exception = null },
    }.Where(candidate => candidate != facts && Plainness(candidate) > Plainness(facts));

    private static int Plainness(RequestFacts facts) =>
        (facts.Method == "GET" ? 1 : 0)
        + (
            facts.Template is "/" ? 1
            : facts.Template is null ? 2
            : 0)
        + (facts.RouteValues is null ? 1 : 0)
        + (facts.Path == "/" ? 1 : 0)
        + (facts.StatusCode == 200 ? 1 : 0)
        + (facts.EndedAt == 1 ? 1 : 0)
        + (facts.RequestSize is null && facts.ResponseSize is null ? 1 : 0)
        + (facts.Exception is null ? 1 : 0);
}
