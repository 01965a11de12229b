namespace Instrumentator;

/// <summary>A value that a <see cref="ReferenceTable{TKey, TValue, THash}"/> has for a key: that of one thread, or that of all.</summary>
internal interface IOfThread
{
    /// <summary>The number of the thread as a writer; 0 where it is that of all.</summary>
    int Thread { get; }
}

/// <summary>A value for all threads.</summary>
/// <param name="value">The value.</param>
internal readonly struct OfAll<T>(T value) : IOfThread
    where T : class
{
    /// <summary>Null where there is none: the default value.</summary>
    public T? Value { get; } = value;

    public int Thread => 0;
}
