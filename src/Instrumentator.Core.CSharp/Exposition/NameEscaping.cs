namespace Instrumentator;

/// <summary>How names with characters beyond letters, digits, <c>_</c> and <c>:</c> are written for a reader; it says so by <c>escaping=</c> in its <c>Accept</c> header.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/escaping_schemes/. Other names stay as they are.</remarks>
public enum NameEscaping
{
    /// <summary>Each such character becomes <c>_</c>: what readers get that say nothing.</summary>
    Underscores,

    /// <summary>A dot becomes <c>_dot_</c>; any other such character, and each <c>_</c> of such a name, becomes <c>__</c>.</summary>
    Dots,

    /// <summary>Each such character becomes its number in hexadecimal between two <c>_</c>, behind <c>U__</c>; each <c>_</c> of such a name becomes <c>__</c>.</summary>
    Values,

    /// <summary>Names stay as they are; text formats put them between quotes.</summary>
    AllowUtf8,
}
