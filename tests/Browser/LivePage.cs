using Instrumentator.Shared;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>The live page in a tab, found as people find its parts: by role and name.</summary>
internal sealed class LivePage
{
    private readonly IPage _tab;
    private int _answers;

    public LivePage(IPage tab, PageFaults faults)
    {
        (_tab, Faults) = (tab, faults);
        tab.Response += (_, response) =>
        {
            if (response.Url.Contains("/data", StringComparison.Ordinal))
                Interlocked.Increment(ref _answers);
        };
    }

    public IPage Tab => _tab;

    public PageFaults Faults { get; }

    public ILocator Status => _tab.GetByRole(AriaRole.Status);

    public ILocator Notice => Region("Notice");

    public ILocator Findings => Region("What stands out");

    public ILocator Filter => _tab.GetByRole(AriaRole.Searchbox, new() { Name = "Filter handlers" });

    public ILocator Handlers => _tab.GetByRole(AriaRole.Table, new() { Name = "Handlers", Exact = true });

    /// <summary>The buttons of all rows, in their order.</summary>
    public ILocator HandlerButtons => Handlers.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Button);

    public ILocator Heatmap => _tab.GetByRole(AriaRole.Application, new() { Name = "Latency heatmap" });

    public ILocator Metric => _tab.GetByRole(AriaRole.Combobox, new() { Name = "Metric", Exact = true });

    public ILocator Series => Region("Own metrics").GetByRole(AriaRole.Listitem);

    public ILocator Region(string name) => _tab.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    public ILocator Button(string name) => _tab.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Tile(string name) =>
        Region("Now").GetByRole(AriaRole.Group, new() { Name = name, Exact = true });

    /// <summary>The big number of a tile.</summary>
    public ILocator Value(string tile) => Tile(tile).Locator(".value");

    /// <summary>The row of a handler, such as <c>POST /orders</c>.</summary>
    public ILocator Row(string name) =>
        Handlers.GetByRole(AriaRole.Row).Filter(new()
        {
            Has = _tab.GetByRole(AriaRole.Rowheader).GetByRole(AriaRole.Button, new() { Name = name, Exact = true }),
        });

    /// <summary>A cell of the row of a handler.</summary>
    /// <param name="name">The name of the row.</param>
    /// <param name="column">The value of <c>data-column</c>, such as <c>rate</c>.</param>
    public ILocator Cell(string name, string column) => Row(name).Locator($"[data-column={column}]");

    /// <summary>The button of a column header, which sorts.</summary>
    public ILocator Sort(string column) =>
        Handlers.GetByRole(AriaRole.Columnheader).GetByRole(AriaRole.Button, new() { Name = column, Exact = true });

    public ILocator Window(string name) => _tab.GetByRole(AriaRole.Radio, new() { Name = name, Exact = true });

    public Task ShowWindowAsync(string name) => Window(name).CheckAsync(new() { Force = true });

    /// <summary>Lets the page's timers run until the next answer with data has come.</summary>
    public async Task UpdateAsync()
    {
        var before = Volatile.Read(ref _answers);
        for (var i = 0; i < 20 && Volatile.Read(ref _answers) == before; i++)
        {
            await _tab.Clock.RunForAsync(1_000);
            await Poll.UntilAsync(
                () => Task.FromResult(Volatile.Read(ref _answers)), now => now > before, TimeSpan.FromSeconds(1));
        }
        Assert.NotEqual(before, Volatile.Read(ref _answers));
    }

    /// <summary>Lets the page's timers run for up to 20 seconds, until its status has a text.</summary>
    public async Task RunUntilAsync(string status)
    {
        for (var i = 0; i < 20 && (await Status.InnerTextAsync()).Trim() != status; i++)
        {
            await _tab.Clock.RunForAsync(1_000);

            // An answer on its way arrives before its time is up.
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        await HasTextAsync(Status, status);
    }

    /// <summary>Waits until an element has this text; runs of white space are one space.</summary>
    public static Task HasTextAsync(ILocator locator, string text) => Assertions.Expect(locator).ToHaveTextAsync(text);

    /// <summary>Waits until the text of an element contains this one.</summary>
    public static Task ContainsTextAsync(ILocator locator, string text) =>
        Assertions.Expect(locator).ToContainTextAsync(text);
}
