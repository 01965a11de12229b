namespace Instrumentator;

/// <summary>The type with a single value, which metric functions return.</summary>
/// <remarks>It lets metric functions compose like other functions. F#'s <c>unit</c> has the same meaning.</remarks>
public readonly record struct Unit
{
    /// <summary>Gets the single value.</summary>
    public static Unit Value => default;
}
