namespace Instrumentator;

/// <summary>A value that the library itself reads from each request: one of a closed set, or the other text.</summary>
/// <param name="read">Reads the value; never throws.</param>
/// <param name="other">The text of a value outside the set.</param>
/// <param name="set">The set. Matching ignores case.</param>
internal sealed class ClosedSetValue(Func<RequestView, string?> read, string other, params string[] set) : BoundedValue
{
    public override int Count => set.Length + 1;

    public override string this[int place] => place == 0 ? other : set[place - 1];

    public override int IndexOf(in LabelSource source, out Exception? exception)
    {
        exception = null;
        var text = read(source.Request);
        for (var i = 0; i < set.Length; i++)
        {
            if (string.Equals(set[i], text, StringComparison.OrdinalIgnoreCase))
                return i + 1;
        }
        return 0;
    }
}
