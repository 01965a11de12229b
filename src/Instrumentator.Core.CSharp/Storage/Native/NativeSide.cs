namespace Instrumentator;

/// <summary>Where an observation is counted in a native histogram.</summary>
internal enum NativeSide
{
    /// <summary>Nowhere yet: the key of an empty entry.</summary>
    Empty,

    /// <summary>In no native bucket: NaN, which still is part of the count.</summary>
    None,

    /// <summary>In the zero bucket.</summary>
    Zero,

    /// <summary>In a bucket of positive observations.</summary>
    Positive,

    /// <summary>In a bucket of negative observations.</summary>
    Negative,
}
