using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Whoever looks at a page: their screen, theme, place and preferences.</summary>
internal sealed record Viewer
{
    public int Width { get; init; } = 1280;

    public int Height { get; init; } = 900;

    public ColorScheme Theme { get; init; } = ColorScheme.Light;

    public string Locale { get; init; } = "en-US";

    public string TimeZone { get; init; } = "UTC";

    public bool ReducedMotion { get; init; }

    /// <summary>How far the viewer's clock is ahead of the server's.</summary>
    public TimeSpan ClockError { get; init; }

    public BrowserNewContextOptions ToOptions() => new()
    {
        ViewportSize = new() { Width = Width, Height = Height },
        ColorScheme = Theme,
        Locale = Locale,
        TimezoneId = TimeZone,
        ReducedMotion = ReducedMotion ? Microsoft.Playwright.ReducedMotion.Reduce : null,
    };
}
