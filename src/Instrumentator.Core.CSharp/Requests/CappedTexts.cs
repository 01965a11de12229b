using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The first texts of one origin, each with an index, up to a limit.</summary>
/// <remarks>Safe for use by many threads. Never locks for a known text, or at the limit. Texts are cut to the maximum
/// length of a label value, so the limit is one in bytes, too.</remarks>
internal sealed class CappedTexts
{
    private readonly ConcurrentDictionary<string, int> _indexes = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private string[] _texts = [];
    private int _count;

    public string this[int index] => Volatile.Read(ref _texts)[index];

    /// <summary>Finds the index of a text.</summary>
    public bool TryFind(string text, out int index) => _indexes.TryGetValue(LabelLength.Cut(text), out index);

    /// <summary>Finds the index of a text, and adds the text if it is new and there is room.</summary>
    /// <param name="text">The text.</param>
    /// <param name="limit">The maximum number of texts. Known texts stay when it falls.</param>
    /// <param name="index">The index, from 0.</param>
    /// <returns>False for a new text at the limit.</returns>
    public bool TryFindOrAdd(string text, int limit, out int index)
    {
        text = LabelLength.Cut(text);
        return _indexes.TryGetValue(text, out index)
            || (Volatile.Read(ref _count) < limit && TryAdd(text, limit, out index));
    }

    private bool TryAdd(string text, int limit, out int index)
    {
        lock (_lock)
        {
            if (_indexes.TryGetValue(text, out index))
                return true;
            if (_count >= limit)
                return false;
            index = _count;
            Add(text, index);
            return true;
        }
    }

    // Readers know an index only when its text is in place.
    private void Add(string text, int index)
    {
        var texts = _texts;
        if (index == texts.Length)
            Array.Resize(ref texts, Math.Max(2 * index, 4));
        texts[index] = text;
        Volatile.Write(ref _texts, texts);
        _indexes[text] = index;
        Volatile.Write(ref _count, index + 1);
    }
}
