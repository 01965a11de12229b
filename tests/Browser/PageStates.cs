using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Opens the page in each state that people may meet.</summary>
public abstract class PageStates(Chromium chromium) : BrowserTest(chromium)
{
    /// <summary>The names of all states.</summary>
    public static TheoryData<string> All =>
    [
        "no traffic", "loading", "busy", "paused", "connection lost", "restarted", "switched off", "no access",
        "1,000 handlers", "no handler label", "hostile texts", "another namespace", "native histograms",
        "prometheus-net", "OpenTelemetry",
    ];

    private protected Task<LivePage> OpenStateAsync(string state, Viewer? viewer = null) => state switch
    {
        "no traffic" => OpenQuietAsync(new(), viewer),
        "loading" => OpenLoadingAsync(viewer),
        "busy" => OpenBusyAsync(viewer),
        "paused" => OpenPausedAsync(viewer),
        "connection lost" => OpenLostAsync(viewer),
        "restarted" => OpenRestartedAsync(viewer),
        "switched off" => OpenQuietAsync(Setups.SwitchedOff, viewer),
        "no access" => OpenForbiddenAsync(viewer),
        "1,000 handlers" => OpenManyAsync(viewer),
        "no handler label" => OpenAfterTrafficAsync(Setups.NoHandlerLabel, viewer),
        "hostile texts" => OpenHostileAsync(viewer),
        "another namespace" => OpenAfterTrafficAsync(Setups.AnotherNamespace, viewer),
        "native histograms" => OpenAfterTrafficAsync(Setups.NativeHistograms, viewer),
        "prometheus-net" => OpenAfterTrafficAsync(Setups.PrometheusNet, viewer),
        "OpenTelemetry" => OpenAfterTrafficAsync(Setups.OpenTelemetry, viewer),
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    private async Task<LivePage> OpenQuietAsync(PageAppSetup setup, Viewer? viewer)
    {
        var app = await StartAsync(setup);
        app.Pass(5);
        return await OpenAsync(app, viewer);
    }

    private async Task<LivePage> OpenLoadingAsync(Viewer? viewer)
    {
        var app = await StartAsync();
        app.HoldData();
        return await OpenEmptyAsync(app, viewer);
    }

    private async Task<LivePage> OpenBusyAsync(Viewer? viewer)
    {
        var app = await StartAsync(Setups.Shop);
        await Shop.SendMinuteAsync(app);
        await app.HoldAsync(new("GET", "/events") { IsStream = true });
        app.Pass(5);
        var page = await OpenAsync(app, viewer);
        await page.Row("POST /orders").GetByRole(AriaRole.Button).ClickAsync();
        await page.Tab.GetByText("As a table").ClickAsync();
        await Assertions.Expect(page.Region("Details of POST /orders")).ToBeVisibleAsync();
        return page;
    }

    private async Task<LivePage> OpenPausedAsync(Viewer? viewer)
    {
        var page = await OpenAfterTrafficAsync(Setups.Shop, viewer);
        await page.Button("Pause").ClickAsync();
        await LivePage.HasTextAsync(page.Status, "Paused");
        return page;
    }

    private async Task<LivePage> OpenLostAsync(Viewer? viewer)
    {
        var app = await StartAsync(Setups.Shop);
        await SendAsync(app);
        var page = await OpenAsync(app, viewer);
        page.Faults.MayLoseConnection = true;
        app.IsCut = true;
        await page.RunUntilAsync("Connection lost, trying again");
        return page;
    }

    private async Task<LivePage> OpenRestartedAsync(Viewer? viewer)
    {
        var app = await StartAsync(Setups.Shop);
        await SendAsync(app);
        var page = await OpenAsync(app, viewer);
        page.Faults.MayLoseConnection = true;
        await app.StopAsync();
        await app.StartAgainAsync();
        await page.RunUntilAsync("App restarted");
        return page;
    }

    private async Task<LivePage> OpenForbiddenAsync(Viewer? viewer)
    {
        var app = await StartAsync(Setups.Shop);
        await SendAsync(app);
        var page = await OpenAsync(app, viewer);
        page.Faults.MayLoseConnection = true;
        app.Refusal = 403;
        await page.UpdateAsync();
        await LivePage.HasTextAsync(page.Status, "No access");
        return page;
    }

    private async Task<LivePage> OpenManyAsync(Viewer? viewer)
    {
        var routes = Enumerable.Range(0, 1_000).Select(i => FormattableString.Invariant($"/r{i}")).ToArray();
        var app = await StartAsync(new() { Routes = routes });
        foreach (var route in routes)
            await app.SendAsync(new("GET", route));
        app.Pass(5);
        var page = await OpenAsync(app, viewer);
        await Assertions.Expect(page.HandlerButtons).ToHaveCountAsync(100);
        return page;
    }

    private async Task<LivePage> OpenHostileAsync(Viewer? viewer)
    {
        var app = await StartAsync(Setups.HostileTexts);
        foreach (var text in Hostile.All)
            await app.SendAsync(new("GET", $"/{Uri.EscapeDataString(text)}"));
        app.Pass(5);
        return await OpenAsync(app, viewer);
    }

    private async Task<LivePage> OpenAfterTrafficAsync(PageAppSetup setup, Viewer? viewer)
    {
        var app = await StartAsync(setup);
        await SendAsync(app);
        return await OpenAsync(app, viewer);
    }

    private protected static async Task SendAsync(PageApp app)
    {
        await app.SendAsync(new("GET", "/products") { Times = 6, Seconds = 0.02, ResponseBytes = 1_000 });
        await app.SendAsync(new("POST", "/orders") { Times = 2, Seconds = 0.3, RequestBytes = 200, Status = 500 });
        await app.SendAsync(new("GET", "/products/7") { Times = 2, Seconds = 0.02, Status = 404 });
        app.Pass(5);
    }
}
