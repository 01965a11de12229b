namespace Instrumentator.Browser;

/// <summary>Each state of the page on screens from a desktop to a phone.</summary>
public sealed class LayoutTests(Chromium chromium) : PageStates(chromium)
{
    // 1280, 768 and 360 pixels, the first two at 200 %, and the narrowest that WCAG 1.4.10 asks for.
    private static readonly int[] _widths = [1280, 768, 640, 384, 360, 320];

    [Theory]
    [MemberData(nameof(All))]
    public async Task No_state_scrolls_sideways(string state)
    {
        var page = await OpenStateAsync(state);

        foreach (var width in _widths)
        {
            await page.Tab.SetViewportSizeAsync(width, 800);
            await ExpectRoomForHandlersAsync(page);
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

    // Room for the names of handlers, however few columns there are.
    private static async Task ExpectRoomForHandlersAsync(LivePage page)
    {
        if (await page.HandlerButtons.First.IsVisibleAsync())
        {
            var width = await page.HandlerButtons.First.EvaluateAsync<double>(
                "async button => { await new Promise(requestAnimationFrame); return button.closest('th').offsetWidth }");
            Assert.InRange(width, 80, 1_000);
        }
    }
}
