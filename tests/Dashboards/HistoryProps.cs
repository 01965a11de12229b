using FsCheck;
using FsCheck.Fluent;
using Instrumentator.Laws;

namespace Instrumentator.Tests;

/// <summary>Compares the history with what an obvious model counts: a list of the requests of each second.</summary>
public sealed class HistoryProps
{
    private static readonly string[] _methods = ["GET", "POST", "DELETE"];

    /// <summary>A request, or a second that passes.</summary>
    public sealed record Step(bool IsRequest, string Handler, string Method, int Status)
    {
        public string Row => $"{Method} {(LiveApp.Handlers.Contains(Handler) ? $"/{Handler}/{{id}}" : "none")}";

        public override string ToString() => IsRequest ? $"{Method} {Handler} {Status}" : "a second";
    }

    private static Gen<Step> Requests =>
        from handler in Gen.Elements([.. LiveApp.Handlers, "unknown"])
        from method in Gen.Elements(_methods)
        from status in Gen.Elements(200, 200, 204, 302, 400, 404, 499, 500, 503, 599)
        select new Step(true, handler, method, status);

    private static Gen<Step[]> Cases => Gen
        .Frequency((3, Requests), (2, Gen.Constant(new Step(false, "", "", 0))))
        .ListOf(40)
        .Select(steps => steps.ToArray());

    [Property(MaxTest = 40)]
    public Property Each_slot_has_the_requests_of_its_seconds() =>
        Prop.ForAll(Arb.From(Cases), async steps =>
        {
            await using var app = await LiveApp.StartAsync();
            var seconds = await RunAsync(app, steps);
            var viewer = await Viewer.OpenAsync(app);
            foreach (var (window, length) in new[] { ("1m", 1), ("5m", 5), ("15m", 15) })
            {
                var expected = seconds.Chunk(length).Where(slot => slot.Length == length).ToArray();
                var slots = viewer.Slots[window];
                Assert.Equal(expected.Length, slots.Count);
                foreach (var (slot, requests) in slots.Zip(expected))
                    AssertSlot([.. requests.SelectMany(one => one)], slot, viewer.RowsOf(slot));
            }
        });

    [Property(MaxTest = 40)]
    public Property Whoever_follows_has_what_a_newcomer_gets() =>
        Prop.ForAll(Arb.From(Gen.Zip(Cases, Gen.Choose(1, 7))), async one =>
        {
            var (steps, pause) = one;
            await using var app = await LiveApp.StartAsync();
            var follower = await Viewer.OpenAsync(app);
            foreach (var some in steps.Chunk(pause))
            {
                await RunAsync(app, some);
                await follower.RefreshAsync();
            }
            var newcomer = await Viewer.OpenAsync(app);
            Assert.Equal(newcomer.Names, follower.Names);
            foreach (var (window, slots) in newcomer.Slots)
            {
                Assert.Equal(
                    slots.Select(slot => slot.GetRawText()), follower.Slots[window].Select(slot => slot.GetRawText()));
            }
        });

    [Property(MaxTest = 30)]
    public Property Above_the_limit_rows_are_counted_together_and_nothing_is_lost() =>
        Prop.ForAll(Arb.From(Gen.Zip(Cases, Gen.Choose(1, 6))), async one =>
        {
            var (steps, limit) = one;
            await using var app = await LiveApp.StartAsync(options: new() { MaxHandlers = limit });
            var seconds = await RunAsync(app, [.. steps, new Step(false, "", "", 0)]);
            var requests = seconds.SelectMany(all => all).ToList();
            var viewer = await Viewer.OpenAsync(app);
            var rows = viewer.SumByRow("1m", 0);
            Assert.Equal(requests.Count, rows.Values.Sum());
            Assert.Equal(requests.Count, viewer.Sum("1m", "requests"));
            Assert.True(rows.Count <= limit + 1, string.Join(", ", rows.Keys));
            foreach (var row in rows.Where(row => !row.Key.EndsWith("(others)", StringComparison.Ordinal)))
                Assert.Equal(requests.Count(request => request.Row == row.Key), row.Value);
        });

    private static void AssertSlot(
        List<Step> requests, System.Text.Json.JsonElement slot, Dictionary<string, double[]> rows)
    {
        Assert.Equal(requests.Count, slot.GetProperty("requests").GetDouble());
        Assert.Equal(requests.Count(IsClientError), slot.GetProperty("clientErrors").GetDouble());
        Assert.Equal(requests.Count(IsServerError), slot.GetProperty("serverErrors").GetDouble());
        Assert.Equal(
            requests.GroupBy(request => request.Row).Select(row => row.Key).Order(StringComparer.Ordinal),
            rows.Keys.Order(StringComparer.Ordinal));
        foreach (var row in requests.GroupBy(request => request.Row, StringComparer.Ordinal))
        {
            Assert.Equal(
                [row.Count(), row.Count(IsClientError), row.Count(IsServerError)],
                rows[row.Key].Take(3));
        }
    }

    private static bool IsClientError(Step request) => request.Status is >= 400 and < 500;

    private static bool IsServerError(Step request) => request.Status is >= 500 and < 600;

    /// <summary>Runs the steps, and returns the requests of each whole second.</summary>
    private static async Task<List<List<Step>>> RunAsync(LiveApp app, Step[] steps)
    {
        var (seconds, now) = (new List<List<Step>>(), new List<Step>());
        foreach (var step in steps)
        {
            if (step.IsRequest)
            {
                using var response = await app.SendAsync(step.Method, $"/{step.Handler}/1?status={step.Status}");
                now.Add(step);
                continue;
            }
            await app.PassAsync(1);
            seconds.Add(now);
            now = [];
        }
        return seconds;
    }
}
