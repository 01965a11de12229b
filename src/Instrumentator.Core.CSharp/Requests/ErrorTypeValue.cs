using System.Collections.Concurrent;

namespace Instrumentator;

/// <summary>The value of the label <c>error_type</c>: the type of an exception, or nothing.</summary>
/// <remarks>Exception types come from code, but an app may have any number of them, such as those of generic classes.
/// So only the first ones become texts.</remarks>
internal sealed class ErrorTypeValue : BoundedValue, IEquatable<ErrorTypeValue>
{
    /// <summary>The maximum number of exception types with a text of their own.</summary>
    public const int MaxTypes = 100;

    private const int None = 0;
    private const int Other = 1;

    private readonly string[] _texts = ["", MethodLabel.Other, .. new string[MaxTypes]];
    private readonly ConcurrentDictionary<string, int> _places = new(StringComparer.Ordinal);
    private volatile bool _isFull;

    public override int Count => _texts.Length;

    public override string this[int place] => _texts[place];

    public override int IndexOf(in LabelSource source, out Exception? exception)
    {
        exception = null;
        return ErrorOf(source) is { } error ? IndexOf(error.GetType().FullName!) : None;
    }

    // One app's exceptions take no place from those of another.
    public override BoundedValue Start() => new ErrorTypeValue();

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
        _places.TryGetValue(type, out var place) ? place
        : _isFull ? Other
        : AddSlow(type);

    private int AddSlow(string type)
    {
        lock (_places)
        {
            if (_places.TryGetValue(type, out var place))
                return place;
            _isFull = _places.Count == MaxTypes;
            if (_isFull)
                return Other;
            place = Other + 1 + _places.Count;
            _texts[place] = type;
            return _places[type] = place;
        }
    }
}
