namespace Instrumentator.Tests;

/// <summary>Waits for what happens a moment later, and not without end.</summary>
internal static class Eventually
{
    public static async Task Holds(Func<bool> condition, Func<string> seen)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Fail($"It did not come to hold within ten seconds. Last seen: {seen()}");
    }
}
