namespace Instrumentator;

/// <summary>The type with one value: what a metric function returns.</summary>
/// <remarks>It makes a metric function a function like any other, so that functions compose. F#'s <c>unit</c> has the same meaning.</remarks>
public readonly record struct Unit
{
    /// <summary>The one value.</summary>
    public static Unit Value => default;
}
