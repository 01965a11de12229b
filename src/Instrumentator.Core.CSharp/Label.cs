namespace Instrumentator;

/// <summary>A label with a constant value, on every series of a metric.</summary>
/// <param name="Name">The name: letters, digits and <c>_</c>, not starting with a digit or with <c>__</c>.</param>
/// <param name="Value">The value: any text.</param>
public readonly record struct Label(string Name, string Value)
{
    /// <summary>Converts a pair to a label, so that you can write <c>CustomLabels = [("service", "api")]</c>.</summary>
    public static implicit operator Label((string Name, string Value) pair) => FromValueTuple(pair);

    /// <summary>Creates a label from a pair.</summary>
    public static Label FromValueTuple((string Name, string Value) pair) => new(pair.Name, pair.Value);
}
