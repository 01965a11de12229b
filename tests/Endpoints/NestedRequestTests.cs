using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>Requests that an app makes of the features of another one, as OData does for <c>$batch</c>: each is a
/// request of its own, and the outer one keeps its record.</summary>
public sealed class NestedRequestTests
{
    private static readonly string[] _nested = ["GET /items/{id} 2xx 2", "GET none 4xx 2", "POST /boom 5xx 2"];

    private static readonly string[] _all =
        ["GET /items/{id} 2xx 2", "GET none 4xx 2", "POST /$batch 2xx 1", "POST /boom 5xx 2"];

    private static readonly Dictionary<string, Func<HttpContext, FeatureCollection>> _features =
        new(StringComparer.Ordinal)
        {
            ["copies"] = outer => Copy(outer, feature => feature != typeof(IEndpointFeature)),
            ["copies, the endpoint's included"] = outer => Copy(outer, _ => true),
            ["defaults"] = outer => new FeatureCollection(outer.Features),
        };

    public static TheoryData<string, bool, bool, bool> Cases => new(
        from features in _features.Keys
        from isAtOnce in new[] { false, true }
        from everything in new[] { false, true }
        from isKestrel in new[] { false, true }
        select (features, isAtOnce, everything, isKestrel));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_same_instrumentation_before_and_behind_a_batch_records_each_request_once(
        string features, bool isAtOnce, bool everything, bool isKestrel)
    {
        await using var app = await BatchApp.StartAsync(
            _features[features],
            isAtOnce,
            everything,
            isKestrel,
            before: (app, _) => app.UseInstrumentator(),
            behind: (app, _) => app.UseInstrumentator());

        Assert.Equal("200 404 500 200 404 500", await app.SendAsync());

        Assert.Equal(_all, BatchApp.Requests(app.First));
        BatchApp.AssertGaugesAt0(app.First);
        if (!everything)
            return;
        Assert.Equal(
            ["/$batch 9", "/boom 10", "/items/{id} 0", "none 0"],
            BatchApp.Sums(app.First, "http_request_size_bytes"));
        Assert.Equal(
            ["/$batch 23", "/boom 0", "/items/{id} 4", "none 0"],
            BatchApp.Sums(app.First, "http_response_size_bytes"));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Another_instrumentation_behind_a_batch_records_the_nested_requests_alone(
        string features, bool isAtOnce, bool everything, bool isKestrel)
    {
        await using var app = await BatchApp.StartAsync(
            _features[features],
            isAtOnce,
            everything,
            isKestrel,
            before: (app, _) => app.UseInstrumentator(),
            behind: (app, other) => app.UseInstrumentator(other));

        await app.SendAsync();

        Assert.Equal(["POST /$batch 2xx 1"], BatchApp.Requests(app.First));
        Assert.Equal(_nested, BatchApp.Requests(app.Second));
        BatchApp.AssertGaugesAt0(app.First);
        BatchApp.AssertGaugesAt0(app.Second);
    }

    // Without a recorder around it, an endpoint feature that nested requests share is the app's own, and holds the
    // endpoint of one of them.
    public static TheoryData<string, bool, bool, bool> Separate => new(
        Cases.Select(one => one.Data).Where(one => one.Item1 == "copies" || !one.Item2));

    [Theory]
    [MemberData(nameof(Separate))]
    public async Task Behind_a_batch_alone_each_nested_request_is_recorded_once(
        string features, bool isAtOnce, bool everything, bool isKestrel)
    {
        await using var app = await BatchApp.StartAsync(
            _features[features],
            isAtOnce,
            everything,
            isKestrel,
            before: (_, _) => { },
            behind: (app, _) => app.UseInstrumentator());

        await app.SendAsync();

        Assert.Equal(_nested, BatchApp.Requests(app.First));
        BatchApp.AssertGaugesAt0(app.First);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public async Task Before_a_batch_alone_the_outer_request_is_recorded_once_with_its_own_route(
        bool isAtOnce, bool everything, bool isKestrel)
    {
        await using var app = await BatchApp.StartAsync(
            _features["copies"],
            isAtOnce,
            everything,
            isKestrel,
            before: (app, _) => app.UseInstrumentator(),
            behind: (_, _) => { });

        await app.SendAsync();

        Assert.Equal(["POST /$batch 2xx 1"], BatchApp.Requests(app.First));
        BatchApp.AssertGaugesAt0(app.First);
    }

    [Fact]
    public async Task Middleware_that_wraps_the_context_makes_no_other_request()
    {
        await using var app = await TestApp.StartAsync(app =>
        {
            app.UseInstrumentator();
            app.Use((context, next) => next(new DefaultHttpContext(context.Features)));
            app.UseInstrumentator();
            app.UseRouting();
            app.MapGet("/x", () => "x");
        });

        await app.SendAsync("GET", "/x");

        Assert.Equal(["GET /x 2xx 1"], app.Requests());
    }

    private static FeatureCollection Copy(HttpContext outer, Func<Type, bool> selects)
    {
        var features = new FeatureCollection();
        foreach (var (type, feature) in outer.Features)
        {
            if (selects(type))
                features[type] = feature;
        }
        return features;
    }
}
