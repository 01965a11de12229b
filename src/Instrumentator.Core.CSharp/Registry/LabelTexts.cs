using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The texts of requests and of code that became label values in a registry, by origin.</summary>
/// <remarks>A registry holds them, so their limits hold for all its apps together, and however often options
/// change.</remarks>
internal sealed class LabelTexts
{
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
}

/// <summary>The first texts of one origin, each with an index, up to a limit.</summary>
/// <remarks>Safe for use by many threads. Never locks for a known text, or at the limit. Texts are cut to the maximum
/// length of a label value, so the limit is one in bytes, too.</remarks>
internal sealed class CappedTexts
{
    private readonly ConcurrentDictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly Chunks<string> _texts = new();
    private int _count;

    public string this[int index] => _texts[index];

    /// <summary>Finds the index of a text.</summary>
    public bool TryFind(string text, out int index) => _indexes.TryGetValue(LabelValues.Cut(text), out index);

    /// <summary>Finds the index of a text, and adds the text if it is new and there is room.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The maximum number of texts. Known texts stay when it falls.</param>
    /// <param name="index">The index, from 0.</param>
    /// <returns>False for a new text at the limit.</returns>
    public bool TryFindOrAdd(string text, int limit, out int index)
    {
        text = LabelValues.Cut(text);
        return _indexes.TryGetValue(text, out index)
            || (Volatile.Read(ref _count) < limit && TryAdd(text, limit, out index));
    }

    private bool TryAdd(string text, int limit, out int index)
    {
        lock (_texts)
        {
            if (_indexes.TryGetValue(text, out index))
                return true;
            if (_count >= limit)
                return false;
            index = _count;
            _texts.MakeRoom(index);
            _texts[index] = text;
            _indexes[text] = index;
            Volatile.Write(ref _count, index + 1);
            return true;
        }
    }
}
