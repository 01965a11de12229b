using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>The page suits its viewer: time zone, clock, language, theme and motion.</summary>
public sealed class ViewerTests(Chromium chromium) : PageStates(chromium)
{
    [Theory]
    [InlineData("UTC", "09:00:")]
    [InlineData("Asia/Tokyo", "18:00:")]
    [InlineData("Asia/Kabul", "13:30:")]
    [InlineData("America/St_Johns", "06:30:")]
    public async Task Times_are_in_the_zone_of_the_viewer(string zone, string time)
    {
        var page = await OpenStateAsync("busy", new() { TimeZone = zone });

        await LivePage.ContainsTextAsync(page.Findings, $"since {time}");
        await LivePage.ContainsTextAsync(page.Tab.GetByRole(AriaRole.Contentinfo), zone);
    }

    [Fact]
    public async Task Ages_do_not_depend_on_the_clock_of_the_viewer()
    {
        var viewer = new Viewer { ClockError = TimeSpan.FromHours(-7) };
        var page = await OpenStateAsync("busy", viewer);

        await LivePage.ContainsTextAsync(page.Findings, "15 seconds ago");
        await LivePage.ContainsTextAsync(page.Findings, "since 09:00:50");
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ar-EG")]
    [InlineData("hi-IN")]
    public async Task Numbers_are_those_of_the_language_of_the_page(string locale)
    {
        var app = await StartAsync();
        await app.SendAsync(new("GET", "/orders") { Times = 1_284, Seconds = 0.0015 });
        app.Pass(5);

        var page = await OpenAsync(app, new() { Locale = locale });

        await LivePage.ContainsTextAsync(page.Tile("Requests"), "1,284 requests");
        await LivePage.HasTextAsync(page.Cell("GET /orders", "mean"), "1.5 ms");
    }

    [Theory]
    [InlineData(ColorScheme.Light, "Dark")]
    [InlineData(ColorScheme.Dark, "Light")]
    public async Task The_theme_is_the_viewer_s_unless_another_is_chosen(ColorScheme scheme, string other)
    {
        var page = await OpenStateAsync("no traffic", new() { Theme = scheme });
        var theme = page.Tab.GetByRole(AriaRole.Combobox, new() { Name = "Theme" });
        Assert.Equal(scheme == ColorScheme.Dark, await IsDarkAsync(page));

        await theme.SelectOptionAsync(other);
        Assert.Equal(other == "Dark", await IsDarkAsync(page));

        await page.Tab.ReloadAsync();
        await Assertions.Expect(theme).ToHaveValueAsync(other == "Dark" ? "dark" : "light");
        Assert.Equal(other == "Dark", await IsDarkAsync(page));

        await theme.SelectOptionAsync("Auto");
        Assert.Equal(scheme == ColorScheme.Dark, await IsDarkAsync(page));
    }

    [Fact]
    public async Task Nothing_moves_for_viewers_who_prefer_that()
    {
        var still = await OpenStateAsync("paused", new() { ReducedMotion = true });
        var moving = await OpenStateAsync("paused");

        Assert.Empty(await MovingAsync(still));
        Assert.NotEmpty(await MovingAsync(moving));
    }

    [Fact]
    public async Task Screen_readers_hear_of_changes_of_the_state_only()
    {
        var app = await StartAsync(Setups.Shop);
        await SendAsync(app);
        var page = await OpenAsync(app);
        await page.Tab.EvaluateAsync(
            """
            () => {
              window.heard = [];
              const watch = new MutationObserver(changes => heard.push(...changes.map(one => one.target.textContent)));
              for (const region of document.querySelectorAll("[aria-live], [role=status], [role=alert]"))
                watch.observe(region, { childList: true, characterData: true, subtree: true });
            }
            """);

        for (var i = 0; i < 5; i++)
        {
            await SendAsync(app);
            await page.UpdateAsync();
        }
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "60 requests");
        Assert.Empty(await page.Tab.EvaluateAsync<string[]>("() => heard"));

        await page.Button("Pause").ClickAsync();
        await LivePage.HasTextAsync(page.Status, "Paused");
        Assert.Contains("Paused", await page.Tab.EvaluateAsync<string[]>("() => heard"));
    }

    private static Task<string[]> MovingAsync(LivePage page) =>
        page.Tab.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("*")].filter(element => {
              const style = getComputedStyle(element);
              const isLong = durations => durations.split(",").some(one => parseFloat(one) > 0.001);
              return isLong(style.transitionDuration)
                || (style.animationName !== "none" && isLong(style.animationDuration));
            }).map(element => element.outerHTML.slice(0, 100))
            """);

    private static async Task<bool> IsDarkAsync(LivePage page)
    {
        var brightness = await page.Tab.EvaluateAsync<double>(
            """
            () => {
              const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
              context.fillStyle = getComputedStyle(document.body).backgroundColor;
              context.fillRect(0, 0, 1, 1);
              return context.getImageData(0, 0, 1, 1).data.slice(0, 3).reduce((sum, part) => sum + part) / 3;
            }
            """);
        return brightness < 128;
    }
}
