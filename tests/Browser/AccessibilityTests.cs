using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Instrumentator.Browser;

/// <summary>Each state of the page, judged by axe-core in both themes, and on small screens.</summary>
public sealed class AccessibilityTests(Chromium chromium) : PageStates(chromium)
{
    private static readonly ColorScheme[] _themes = [ColorScheme.Light, ColorScheme.Dark];

    // 1280, 768 and 360 pixels, and the same at 200 %.
    private static readonly int[] _widths = [1280, 768, 640, 384, 360, 320];

    private static readonly AxeRunOptions _rules = new()
    {
        RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
    };

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_state_breaks_a_rule_of_accessibility(string state)
    {
        var page = await OpenStateAsync(state, new() { ReducedMotion = true });

        foreach (var theme in _themes)
        {
            await page.Tab.EmulateMediaAsync(new() { ColorScheme = theme });
            await ExpectNoViolationAsync(page, $"{theme}");
        }
        await page.Tab.SetViewportSizeAsync(360, 800);
        await ExpectNoViolationAsync(page, "360 pixels");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_state_scrolls_sideways(string state)
    {
        var page = await OpenStateAsync(state);

        foreach (var width in _widths)
        {
            await page.Tab.SetViewportSizeAsync(width, 800);
            var wider = await page.Tab.EvaluateAsync<string[]>(
                """
                () => {
                  const { scrollWidth, clientWidth } = document.scrollingElement;
                  if (scrollWidth <= clientWidth) return [];
                  return [...document.querySelectorAll("body *")]
                    .filter(element => element.getBoundingClientRect().right > clientWidth + 1)
                    .map(element => element.outerHTML.slice(0, 80));
                }
                """);
            Assert.True(wider is [], $"At {width} pixels, these end outside: {string.Join('\n', wider)}");
        }
    }

    private static async Task ExpectNoViolationAsync(LivePage page, string where)
    {
        var result = await page.Tab.RunAxe(_rules);

        Assert.NotEmpty(result.Passes);
        var violations = result.Violations.SelectMany(
            rule => rule.Nodes.Select(node => $"{where}: {rule.Id}: {node.Html}"));
        Assert.Empty(violations);
    }
}
