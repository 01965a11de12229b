namespace Instrumentator;

/// <summary>Where an observation is counted in a native histogram.</summary>
internal enum NativeSide
{
    /// <summary>Nowhere yet: the key of an empty place.</summary>
    Empty,

    /// <summary>In no native bucket at all: NaN, which is in none, and part of the count all the same.</summary>
    None,

    /// <summary>In the zero bucket.</summary>
    Zero,

    /// <summary>In a bucket of positive observations.</summary>
    Positive,

    /// <summary>In a bucket of negative observations.</summary>
    Negative,
}
