using Instrumentator.Shared;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Instrumentator.Browser.Chromium))]

namespace Instrumentator.Browser;

/// <summary>The one headless browser of all tests, started by the first test that needs it.</summary>
public sealed class Chromium : IAsyncDisposable
{
    // A root user has no sandbox, and a machine without a network or a GPU needs none of the rest.
    private static readonly string[] _arguments =
    [
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _running = new(StartAsync);

    /// <summary>Returns a new, empty profile. Skips the test if there is no browser.</summary>
    internal async Task<IBrowserContext> NewContextAsync(Viewer viewer)
    {
        var (_, browser) = await _running.Value;
        return await browser.NewContextAsync(viewer.ToOptions());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_running.IsValueCreated || !_running.Value.IsCompletedSuccessfully)
            return;
        var (driver, browser) = await _running.Value;
        await browser.DisposeAsync();
        driver.Dispose();
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var program = OutsidePrograms.Chromium();
        Assertions.SetDefaultExpectTimeout(15_000); // Other test projects run at the same time.
        var driver = await Playwright.CreateAsync();
        var options = new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Headless = true,
            ChromiumSandbox = false,
            Args = _arguments,
        };
        return (driver, await driver.Chromium.LaunchAsync(options));
    }
}
