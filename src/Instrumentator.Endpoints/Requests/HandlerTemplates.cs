namespace Instrumentator;

/// <summary>Whether any handler of this process has a template of its own, or measures itself, as Giraffe's do.</summary>
/// <remarks>Only then must a request that is measured be found by its handlers; an app without such handlers does not pay for it.</remarks>
internal static class HandlerTemplates
{
    private static volatile bool _areUsed;

    public static bool AreUsed => _areUsed;

    /// <summary>To be called when such a handler is made: before the first request that it gets.</summary>
    public static void Use() => _areUsed = true;
}
