using FsCheck;
using FsCheck.Fluent;
using Instrumentator.Laws;

namespace Instrumentator.Tests;

/// <summary>An app that handles its own context roughly answers as it does without us, to the byte; each request is
/// recorded once, nothing stays in progress, and nothing is logged as an error that would not be without us.</summary>
public sealed class RoughAppTests(RoughAppTests.Servers servers) : IClassFixture<RoughAppTests.Servers>
{
    // These run alone: the first two tell which reader a body has, maybe another one once the body was replaced, and
    // the third sends what happens to be in memory.
    private static readonly string[] _alone =
        ["pipe advanced to elsewhere", "read by pipe and not advanced", "advanced without memory"];

    private static readonly int[] _combined =
    [
        .. from step in RoughSteps.All.Index()
           where !_alone.Contains(step.Item.Name, StringComparer.Ordinal)
           select step.Index,
    ];

    public static TheoryData<string> Steps => [.. RoughSteps.All.Select(step => step.Name)];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_rough_app_stays_as_it_was(string name)
    {
        foreach (var place in RoughServer.Places)
        {
            foreach (var request in RawRequest.All)
                await servers.CompareAsync(new RoughRequest(request, place, [IndexOf(name)]));
        }
    }

    [Property(MaxTest = 200)]
    public Property Any_rough_steps_leave_an_app_as_it_was() => Prop.ForAll(Arb.From(Requests), servers.CompareAsync);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_client_got_is_recorded_although_the_app_removed_everything(bool everything)
    {
        await using var server = await RoughServer.StartAsync(
            isRoutingFirst: true, hasErrorPages: false, everything ? Servers.Everything : it => it);
        string[] steps = ["all features removed after", "items null after", "status 404"];

        await server.SendAsync(RawRequest.All[0], "handler", steps.Select(IndexOf));

        await Eventually.Holds(() => server.Records() == 1, () => $"{server.Records()}");
        Assert.Equal(
            1, server.Value("http_requests_total", ("handler", "/handler"), ("method", "GET"), ("status", "4xx")));
    }

    private static int IndexOf(string name) => Array.FindIndex(RoughSteps.All, one => one.Name == name);

    private static Gen<RoughRequest> Requests =>
        from request in Gen.Elements(RawRequest.All)
        from place in Gen.Elements(RoughServer.Places)
        from steps in Gen.Elements(_combined).NonEmptyListOf()
        select new RoughRequest(request, place, [.. steps.Take(5)]);

    /// <summary>A request, and the steps that run in one place of its app.</summary>
    public sealed record RoughRequest(RawRequest Raw, string Place, ValueList<int> Steps)
    {
        /// <summary>Whether the connection is aborted. Then the client gets more or less of the answer with
        /// luck.</summary>
        public bool BreaksOff => Steps
            .Select(step => RoughSteps.All[step].Name)
            .Any(name => name.StartsWith("aborted", StringComparison.Ordinal)
                || name == "writer completed with an error");

        public override string ToString() =>
            $"{Raw}, {Place}: {string.Join(", ", Steps.Select(step => RoughSteps.All[step].Name))}";
    }

    /// <summary>The same app with and without an instrumentation.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly List<Apps> _apps = [];

        public async ValueTask InitializeAsync()
        {
            foreach (var (isRoutingFirst, hasErrorPages) in new[] { (false, false), (true, false), (false, true) })
            {
                _apps.Add(new(
                    await RoughServer.StartAsync(isRoutingFirst, hasErrorPages),
                    await RoughServer.StartAsync(isRoutingFirst, hasErrorPages, it => it),
                    await RoughServer.StartAsync(isRoutingFirst, hasErrorPages, Everything)));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _apps.SelectMany(app => new[] { app.Without, app.Default, app.Full }))
                await server.DisposeAsync();
        }

        internal async Task CompareAsync(RoughRequest request)
        {
            foreach (var app in _apps)
                await app.CompareAsync(request);
        }

        internal static Instrumentation Everything(Instrumentation it) => it
            .With(config => config with
            {
                BodyHandlers = [""],
                BodySizes = BodySizes.Actual,
                InProgress = new() { Labels = true },
                LongLived = new(),
                Exemplars = new() { Labels = info => [new("path", info.Request.Path)] },
                IncludePathBase = true,
            })
            .AndAlso(Metrics.Requests(new()
            {
                Namespace = "labeled",
                RequestLabels =
                [
                    RequestLabel.Handler, RequestLabel.Method, RequestLabel.Scheme, RequestLabel.ProtocolVersion,
                    RequestLabel.Unhandled, RequestLabel.ErrorType, RequestLabel.GrpcStatus,
                    RequestLabel.Header("X-Kind", ["a"]), RequestLabel.From("path", view => view.Path, ["a"]),
                ],
            }))
            .AndAlso(Metrics.From(info => _ = info.Request.Header("x") + info.Response.Header("y")
                + info.Request.Path + info.Response.Body.Length))
            .AddAsync(async info =>
            {
                await Task.Yield();
                _ = info.Request.Path;
            });
    }

    private sealed record Seen(string Answer, bool BreaksOff, string Removed, string[] Errors)
    {
        public bool IsLike(Seen without) =>
            (Answer == without.Answer || BreaksOff && (IsBeginningOf(without) || without.IsBeginningOf(this)))
            && Removed == without.Removed
            && !Errors.Except(without.Errors).Any();

        public override string ToString() => $"{Answer}\nRemoved: {Removed}\nErrors: {string.Join(", ", Errors)}\n";

        private bool IsBeginningOf(Seen other) => other.Answer.StartsWith(Answer, StringComparison.Ordinal);
    }

    private sealed record Apps(RoughServer Without, RoughServer Default, RoughServer Full)
    {
        // Some errors are logged after the answer, and some apps read or send what they have given back.
        public async Task CompareAsync(RoughRequest request)
        {
            for (var attempts = 20; ; attempts--)
            {
                var without = await SeenAsync(Without, request, isMeasured: false);
                var (some, all) = (await SeenAsync(Default, request), await SeenAsync(Full, request));
                if (some.IsLike(without) && all.IsLike(without))
                    return;
                if (attempts == 0)
                    Assert.Fail($"{request}\nWithout:\n{without}\nWith defaults:\n{some}\nWith everything:\n{all}");
            }
        }

        private static async Task<Seen> SeenAsync(RoughServer server, RoughRequest request, bool isMeasured = true)
        {
            // Features that are gone before the instrumentation make a record impossible.
            var mayBeLost = request.Place == "outside";
            var before = server.Records() - server.Requests;
            var answer = await server.SendAsync(request.Raw, request.Place, request.Steps);
            await Eventually.Holds(() => server.Running == 0, () => $"{request} runs on.");
            if (isMeasured)
                await Eventually.Holds(() => IsRecorded(More()) && server.Gauges() == 0, Shown);

            // Where an app has removed it before the instrumentation, it finds ours: see limitations.md.
            var removed = mayBeLost ? server.Removed.Replace("IEndpointFeature ", "") : server.Removed;
            return new(answer, request.BreaksOff, removed, server.Errors(mayBeLost));

            double More() => server.Records() - server.Requests - before;
            bool IsRecorded(double more) => more == 0 || more < 0 && mayBeLost;
            string Shown() => $"{request}: {More()} records too many, {server.Gauges()} in progress, "
                + $"{string.Join(", ", server.Errors(mayBeLost))}\n{answer}";
        }
    }
}
