using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Whatever clients and apps write is text. An alert, an injected element or a violation of the policy fails
/// each of these tests: see <see cref="PageFaults"/>.</summary>
public sealed class HostileTextTests(Chromium chromium) : PageStates(chromium)
{
    [Fact]
    public async Task Paths_are_text()
    {
        var page = await OpenStateAsync("hostile texts");

        string[] texts = [Hostile.Image, Hostile.Link, Hostile.RightToLeft, Hostile.Prototype, "constructor"];
        foreach (var text in texts)
            await HasRowAsync(page, $"GET /{text}");
        await page.Row($"GET /{Hostile.Image}").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Region($"Details of GET /{Hostile.Image}")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_title_is_text()
    {
        var page = await OpenStateAsync("hostile texts");

        await LivePage.HasTextAsync(page.Tab.GetByRole(AriaRole.Heading, new() { Level = 1 }), Hostile.Script);
        Assert.StartsWith(Hostile.Script, await page.Tab.TitleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_labels_of_own_metrics_are_text()
    {
        var page = await OpenStateAsync("hostile texts");

        await page.Metric.SelectOptionAsync("hostile_total");

        await LivePage.ContainsTextAsync(page.Region("Own metrics"), Hostile.Script);
        await LivePage.ContainsTextAsync(page.Region("Own metrics"), Hostile.Image);
        await LivePage.ContainsTextAsync(page.Region("Own metrics").GetByRole(AriaRole.List), Hostile.Image);
    }

    [Fact]
    public async Task Methods_and_headers_are_text()
    {
        const string Method = "GET'&`$|~";
        Family<Counter> agents = null!;
        var setup = new PageAppSetup
        {
            Own = registry => agents = registry.Counter("agents_total", "Requests by agent.", "agent"),
            Instrumentation = registry => Instrumentation.Default
                .WithRegistry(registry)
                .With(config => config with { ExtraMethods = [Method] })
                .AndAlso(Metrics.From(info => agents.With(info.Request.Header("Agent") ?? "").Increment())),
        };
        var app = await StartAsync(setup);
        await app.SendAsync(new(Method, "/orders")
        {
            Headers = new Dictionary<string, string> { ["Agent"] = Hostile.Image },
        });
        app.Pass(5);

        var page = await OpenAsync(app);

        await HasRowAsync(page, $"{Method} /orders");
        await page.Metric.SelectOptionAsync("agents_total");
        await LivePage.ContainsTextAsync(page.Series.First, Hostile.Image);
    }

    [Fact]
    public async Task A_filter_is_text()
    {
        var page = await OpenStateAsync("hostile texts");

        await page.Filter.FillAsync("<img");
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(1);
        await page.Filter.FillAsync(".*[");
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_text_that_turns_the_direction_around_turns_only_itself()
    {
        var page = await OpenStateAsync("hostile texts");

        var isolation = await page.Row($"GET /{Hostile.RightToLeft}").GetByRole(AriaRole.Button).Locator("code")
            .EvaluateAsync<string>("code => getComputedStyle(code).unicodeBidi");

        Assert.Contains(isolation, (string[])["isolate", "isolate-override", "plaintext"]);
    }

    private static Task HasRowAsync(LivePage page, string name) =>
        Assertions.Expect(page.HandlerButtons.And(page.Button(name))).ToHaveCountAsync(1);
}
