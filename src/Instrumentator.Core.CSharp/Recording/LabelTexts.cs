using System.Runtime.CompilerServices;

namespace Instrumentator;

/// <summary>The texts of requests and of code that became label values in a registry, by origin.</summary>
/// <remarks>They last as long as the registry, so their limits hold for all its apps together, and however often
/// options change.</remarks>
internal sealed class LabelTexts
{
    private static readonly ConditionalWeakTable<Registry, LabelTexts> _all = [];

    /// <summary>The paths of requests without a route.</summary>
    public CappedTexts Paths { get; } = new();

    /// <summary>The path bases, in lower case.</summary>
    public CappedTexts PathBases { get; } = new();

    /// <summary>The handler labels that contain a path base.</summary>
    public CappedTexts BelowPathBases { get; } = new();

    /// <summary>The templates that handlers set.</summary>
    public CappedTexts Templates { get; } = new();

    /// <summary>The types of exceptions.</summary>
    public CappedTexts ErrorTypes { get; } = new();

    /// <summary>Returns the texts of a registry.</summary>
    public static LabelTexts Of(Registry registry) => _all.GetOrCreateValue(registry);
}
