namespace Instrumentator.PrometheusNet.Tests;

/// <summary>Each listed difference from prometheus-net, with the series that both libraries record.</summary>
public sealed class DifferenceTests
{
    public static TheoryData<string, string> Cases =>
        [.. from difference in Differences.All from setup in SideBySide.Setups select (difference.What, setup.Data)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_listed_difference_leaves_the_listed_series(string what, string setup)
    {
        var difference = Differences.All.Single(one => one.What == what);
        await using var both = await SideBySide.StartAsync(setup, difference.Configure);

        await both.SendAsync(difference.Requests);

        Assert.Equal(difference.Theirs, (await both.TheirsAsync()).Values(difference.Family));
        var ours = setup == SideBySide.OverTheirs ? difference.OursOverTheirs ?? difference.Ours : difference.Ours;
        Assert.Equal(ours, (await both.OursAsync()).Values(difference.Family));
        Assert.NotEqual(difference.Theirs, difference.Ours);
    }

    [Theory]
    [MemberData(nameof(SideBySideTests.Setups), MemberType = typeof(SideBySideTests))]
    public async Task A_request_that_the_client_aborts_is_a_499_and_not_a_200(string setup)
    {
        await using var both = await SideBySide.StartAsync(setup, SideBySideApp.Configure);
        using var abort = new CancellationTokenSource();

        var held = await both.HoldAsync(abort.Token);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(held));

        Assert.Equal(["200 GET - - /held 1"], await EventuallyAsync(both.TheirsAsync));
        Assert.Equal(["499 GET - - /held 1"], await EventuallyAsync(both.OursAsync));
    }

    // The client does not wait until the server notices the abort.
    private static async Task<string[]> EventuallyAsync(Func<Task<Scrape>> read)
    {
        string[] values;
        for (var i = 0; (values = (await read()).Values("http_requests_received_total")).Length == 0 && i < 500; i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return values;
    }
}
