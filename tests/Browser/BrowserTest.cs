using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>A test that looks at live pages. It fails as well if a page did something that it never should: see
/// <see cref="PageFaults"/>. A failed test leaves a screenshot of each page.</summary>
public abstract partial class BrowserTest(Chromium chromium) : IAsyncDisposable
{
    private static readonly string _screenshots = Path.Combine(
        typeof(BrowserTest).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "RepoRoot")
            .Value!,
        "artifacts",
        "browser");

    private readonly List<PageApp> _apps = [];
    private readonly List<LivePage> _pages = [];

    /// <summary>Starts an app, which runs until the test ends.</summary>
    private protected async Task<PageApp> StartAsync(PageAppSetup? setup = null)
    {
        var app = await PageApp.StartAsync(setup ?? new());
        _apps.Add(app);
        return app;
    }

    /// <summary>Opens the page of an app, and waits until it shows data.</summary>
    private protected async Task<LivePage> OpenAsync(PageApp app, Viewer? viewer = null)
    {
        var page = await OpenEmptyAsync(app, viewer);
        await Assertions.Expect(page.Status).Not.ToHaveTextAsync("Loading");
        return page;
    }

    /// <summary>Opens the page of an app, and does not wait for its data.</summary>
    private protected async Task<LivePage> OpenEmptyAsync(PageApp app, Viewer? viewer = null)
    {
        viewer ??= new();
        var context = await chromium.NewContextAsync(viewer);
        var faults = new PageFaults(context, app.Page);
        var tab = await context.NewPageAsync();
        var page = new LivePage(tab, faults);
        _pages.Add(page);
        await tab.Clock.InstallAsync(new() { TimeDate = (app.Clock.GetUtcNow() + viewer.ClockError).UtcDateTime });
        await tab.GotoAsync(app.Page.AbsoluteUri);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var hasFailed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (var page in _pages)
        {
            if (hasFailed)
                await ReportAsync(page);
        }
        var faults = new List<string>();
        foreach (var page in _pages)
        {
            faults.AddRange(page.Faults.All);
            faults.AddRange(await ForeignElementsAsync(page.Tab));
            await page.Tab.Context.CloseAsync();
        }
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
            faults.AddRange(app.StrayRequests);
        }
        if (!hasFailed)
            Assert.Empty(faults);
    }

    private async Task ReportAsync(LivePage page)
    {
        var name = NoFileName().Replace(TestContext.Current.Test?.TestDisplayName ?? "test", "-");
        var path = Path.Combine(_screenshots, $"{name[..Math.Min(name.Length, 150)]}-{_pages.IndexOf(page)}.png");
        var output = TestContext.Current.TestOutputHelper;
        try
        {
            await page.Tab.ScreenshotAsync(new() { Path = path, FullPage = true });
            output?.WriteLine($"Screenshot: {path}");
        }
        catch (PlaywrightException e)
        {
            output?.WriteLine($"No screenshot: {e.Message}");
        }
        foreach (var fault in page.Faults.All)
            output?.WriteLine(fault);
    }

    // What hostile text would bring with it if it were taken for HTML.
    private static Task<string[]> ForeignElementsAsync(IPage tab) =>
        tab.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll(
                "iframe, object, embed, img, video, audio, base, form, meta[http-equiv], script:not(:only-of-type), "
                + "[id^=injected], [onerror], [onload], [onclick], [onfocus], a[href^=javascript]")]
              .map(element => "foreign element: " + element.outerHTML.slice(0, 200))
            """);

    [GeneratedRegex("[^A-Za-z0-9_]+", RegexOptions.NonBacktracking)]
    private static partial Regex NoFileName();
}
