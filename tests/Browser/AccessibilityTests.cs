using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Each state of the page, judged by axe-core in both themes, on a wide and on a small screen.</summary>
public sealed class AccessibilityTests(Chromium chromium) : PageStates(chromium)
{
    private static readonly AxeRunOptions _rules = new()
    {
        ResultTypes = [ResultType.Violations],
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_state_breaks_a_rule_of_accessibility(string state)
    {
        var page = await OpenStateAsync(state, new() { ReducedMotion = true });

        await ExpectNoViolationAsync(page, ColorScheme.Light, 1280);
        await ExpectNoViolationAsync(page, ColorScheme.Dark, 360);
    }

    [Fact]
    public async Task Neither_theme_breaks_a_rule_at_any_width()
    {
        var page = await OpenStateAsync("busy", new() { ReducedMotion = true });

        await ExpectNoViolationAsync(page, ColorScheme.Dark, 1280);
        await ExpectNoViolationAsync(page, ColorScheme.Dark, 768);
        await ExpectNoViolationAsync(page, ColorScheme.Light, 360);
    }

    private static async Task ExpectNoViolationAsync(LivePage page, ColorScheme theme, int width)
    {
        await page.Tab.EmulateMediaAsync(new() { ColorScheme = theme });
        await page.Tab.SetViewportSizeAsync(width, 800);
        var result = await page.Tab.RunAxe(_rules);

        Assert.NotEmpty(result.Passes);
        var violations = result.Violations.SelectMany(
            rule => rule.Nodes.Select(node => $"{theme}, {width} pixels: {rule.Id}: {node.Html}"));
        Assert.Equal("", string.Join('\n', violations));
    }
}
