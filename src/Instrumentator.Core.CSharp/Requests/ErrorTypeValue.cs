namespace Instrumentator;

/// <summary>The value of the label <c>error_type</c>: the type of an exception, or nothing.</summary>
/// <param name="types">The types with a text of their own.</param>
/// <remarks>Exception types come from code, but an app may have any number of them, such as those of generic classes.
/// So only the first ones become texts.</remarks>
internal sealed class ErrorTypeValue(CappedTexts types) : BoundedValue, IEquatable<ErrorTypeValue>
{
    /// <summary>The maximum number of exception types with a text of their own.</summary>
    public const int MaxTypes = 100;

    private const int None = 0;
    private const int Other = 1;
    private const int First = 2;

    public override int Count => First + MaxTypes;

    public override string this[int place] => place switch
    {
        None => "",
        Other => MethodLabel.Other,
        _ => types[place - First],
    };

    public override int IndexOf(in LabelSource source, out Exception? exception)
    {
        exception = null;
        return ErrorOf(source) is { } error ? IndexOf(error.GetType().FullName!) : None;
    }

    // The exceptions of one registry's apps take no place from those of another.
    public override BoundedValue Start(CappedTexts errorTypes) => new ErrorTypeValue(errorTypes);

    public bool Equals(ErrorTypeValue? other) => other is not null;

    public override bool Equals(object? obj) => Equals(obj as ErrorTypeValue);

    public override int GetHashCode() => typeof(ErrorTypeValue).GetHashCode();

    // The server reports no exception of a request that its client aborted.
    private static Exception? ErrorOf(in LabelSource source) =>
        source.Request.HandledException
        ?? (source is { StatusCode: StatusLabel.Aborted, Exception: OperationCanceledException or IOException }
            ? null
            : source.Exception);

    private int IndexOf(string type) =>
        types.TryFindOrAdd(type, MaxTypes, out var index) ? First + index : Other;
}
