namespace Instrumentator;

/// <summary>The exception that an invalid configuration causes at start-up. It lists all errors.</summary>
public sealed class InvalidConfigException : ArgumentException
{
    /// <summary>Creates an exception without errors.</summary>
    public InvalidConfigException() : this([]) { }

    /// <summary>Creates an exception with one error.</summary>
    public InvalidConfigException(string message) : this([message]) { }

    /// <summary>Creates an exception with one error and its cause.</summary>
    public InvalidConfigException(string message, Exception? innerException) : base(Text([message]), innerException) =>
        Errors = [message];

    /// <summary>Creates an exception with all errors, one per line.</summary>
    public InvalidConfigException(IReadOnlyList<string> errors) : base(Text(errors))
        => Errors = ValueList.From(errors);

    /// <summary>Gets the errors. Each names the value, the rule, and how to correct it.</summary>
    public ValueList<string> Errors { get; }

    private static string Text(IReadOnlyList<string> errors) =>
        string.Join(Environment.NewLine, ["Instrumentator's configuration is invalid:", .. errors]);

    internal static void ThrowIfAny(IEnumerable<string> errors)
    {
        if (errors.ToArray() is { Length: > 0 } found)
            throw new InvalidConfigException(found);
    }
}
