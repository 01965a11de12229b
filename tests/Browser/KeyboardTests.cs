using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Everything works without a mouse.</summary>
public sealed class KeyboardTests(Chromium chromium) : PageStates(chromium)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_tab_key_reaches_every_control_and_shows_where_it_is(ColorScheme theme)
    {
        var page = await OpenStateAsync("busy", new() { Theme = theme });
        await page.Tab.EvaluateAsync(
            """
            () => {
              document.activeElement.blur();
              const all = "a[href], button, select, input, summary, [tabindex='0']";
              window.controls = [...document.querySelectorAll(all)]
                .filter(element => element.checkVisibility({ visibilityProperty: true }) && !element.disabled)
                .filter(element => element.type !== "radio" || element.checked);
              window.looks = element => {
                const label = element.closest("label") ?? element;
                return [element, label, label.lastElementChild ?? label]
                  .map(one => getComputedStyle(one))
                  .map(style => [style.outlineStyle, style.outlineWidth, style.boxShadow, style.borderColor].join())
                  .join();
              };
              window.blurred = new Map(controls.map(element => [element, looks(element)]));
            }
            """);
        var count = await page.Tab.EvaluateAsync<int>("() => controls.length");
        Assert.InRange(count, 20, 200);

        var unseen = new List<string>();
        for (var i = 0; i < count + 2; i++)
        {
            await page.Tab.Keyboard.PressAsync("Tab");
            var fault = await page.Tab.EvaluateAsync<string?>(
                """
                () => {
                  const focused = document.activeElement;
                  const isKnown = blurred.has(focused);
                  const isSeen = blurred.get(focused) !== looks(focused);
                  blurred.delete(focused);
                  return isKnown && !isSeen ? "Focus is not visible: " + focused.outerHTML.slice(0, 120) : null;
                }
                """);
            if (fault is not null)
                unseen.Add(fault);
        }

        Assert.Empty(unseen);
        Assert.Empty(await page.Tab.EvaluateAsync<string[]>(
            "() => [...blurred.keys()].map(element => element.outerHTML.slice(0, 120))"));
    }

    [Fact]
    public async Task Enter_sorts_and_opens()
    {
        var page = await OpenStateAsync("paused");

        await page.Sort("Mean").FocusAsync();
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.HandlerButtons.First).ToHaveAccessibleNameAsync("POST /orders");
        await Assertions.Expect(page.Sort("Mean")).ToBeFocusedAsync();

        await page.HandlerButtons.First.FocusAsync();
        await page.Tab.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Region("Details of POST /orders")).ToBeVisibleAsync();
        await page.Tab.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Region("Details of POST /orders")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Arrows_change_the_window()
    {
        var page = await OpenStateAsync("busy");

        await page.Window("5 min").FocusAsync();
        await page.Tab.Keyboard.PressAsync("ArrowRight");

        await Assertions.Expect(page.Window("15 min")).ToBeCheckedAsync();
        await LivePage.ContainsTextAsync(page.Tile("Requests"), "15 min:");
    }

    [Fact]
    public async Task Arrows_read_the_cells_of_the_heatmap()
    {
        var app = await StartAsync();
        await app.SendAsync(new("GET", "/orders") { Times = 3, Seconds = 0.03 });
        app.Pass(5);
        await app.SendAsync(new("GET", "/orders") { Times = 1, Seconds = 0.2 });
        await app.SendAsync(new("GET", "/orders") { Times = 4, Seconds = 0.03 });
        app.Pass(5);
        var page = await OpenAsync(app);
        var readout = page.Tab.Locator(".readout");
        await page.Heatmap.FocusAsync();

        await page.Tab.Keyboard.PressAsync("End");
        await LivePage.HasTextAsync(readout, "09:00:05 to 09:00:10: 4 requests took 25 to 50 ms, 80 % of 5");
        for (var i = 0; i < 3; i++)
            await page.Tab.Keyboard.PressAsync("ArrowUp");
        await LivePage.HasTextAsync(readout, "09:00:05 to 09:00:10: 1 request took 100 to 250 ms, 20 % of 5");
        await page.Tab.Keyboard.PressAsync("ArrowLeft");
        await LivePage.HasTextAsync(readout, "09:00:00 to 09:00:05: 0 requests took 100 to 250 ms of 3");
        await page.Tab.Keyboard.PressAsync("Escape");
        await Assertions.Expect(readout).Not.ToContainTextAsync("requests took");
    }

    [Fact]
    public async Task Focus_choices_and_open_details_survive_updates()
    {
        var app = await StartAsync(Setups.Shop);
        await SendAsync(app);
        var page = await OpenAsync(app);
        await page.Filter.FillAsync("o");
        await page.Metric.SelectOptionAsync("shop_queue_length");
        var button = page.Row("POST /orders").GetByRole(AriaRole.Button);
        await button.ClickAsync();

        for (var i = 0; i < 3; i++)
        {
            await app.SendAsync(new("GET", "/products") { Times = 3 });
            await SendAsync(app);
            await page.UpdateAsync();
        }

        await LivePage.ContainsTextAsync(page.Tile("Requests"), "49 requests");
        await Assertions.Expect(button).ToBeFocusedAsync();
        await Assertions.Expect(page.Region("Details of POST /orders")).ToBeVisibleAsync();
        await Assertions.Expect(page.Filter).ToHaveValueAsync("o");
        await Assertions.Expect(page.Metric).ToHaveValueAsync("shop_queue_length");
    }
}
