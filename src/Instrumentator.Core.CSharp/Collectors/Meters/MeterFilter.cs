namespace Instrumentator;

/// <summary>A list of meters by name. A <c>*</c> at the end of a name stands for any text; case is ignored.</summary>
internal sealed class MeterFilter
{
    private readonly string[] _names;

    /// <summary>Initializes a list.</summary>
    /// <exception cref="ArgumentException">There is no name, or one is empty or has a <c>*</c> before its
    /// end.</exception>
    public MeterFilter(string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Length == 0)
            throw new ArgumentException("Name at least one meter, such as System.Runtime.", nameof(names));
        foreach (var name in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name[..^1].Contains('*', StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"The name \"{name}\" of a meter is invalid: use any text, with a * only at the end.",
                    nameof(names));
            }
        }
        _names = [.. names];
    }

    /// <summary>Gets the names.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Returns whether the list contains a meter.</summary>
    public bool Includes(string meter) => Array.Exists(_names, name => name.EndsWith('*')
        ? meter.StartsWith(name[..^1], StringComparison.OrdinalIgnoreCase)
        : meter.Equals(name, StringComparison.OrdinalIgnoreCase));
}
