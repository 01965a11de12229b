namespace Instrumentator;

/// <summary>Values that cannot work; thrown when the app starts, with every fault at once.</summary>
public sealed class InvalidConfigException : ArgumentException
{
    /// <summary>An exception without faults.</summary>
    public InvalidConfigException() : this([]) { }

    /// <summary>An exception with one fault.</summary>
    public InvalidConfigException(string message) : this([message]) { }

    /// <summary>An exception with one fault and its cause.</summary>
    public InvalidConfigException(string message, Exception? innerException) : base(Text([message]), innerException) => Faults = [message];

    /// <summary>An exception with all faults, a line each.</summary>
    public InvalidConfigException(IReadOnlyList<string> faults) : base(Text(faults))
        => Faults = ValueList.From(faults);

    /// <summary>What is wrong, each with the value, the rule and the way out.</summary>
    public ValueList<string> Faults { get; }

    private static string Text(IReadOnlyList<string> faults) =>
        string.Join(Environment.NewLine, ["Instrumentator's configuration is invalid:", .. faults]);

    internal static void ThrowIfAny(IEnumerable<string> faults)
    {
        if (faults.ToArray() is { Length: > 0 } found)
            throw new InvalidConfigException(found);
    }
}
