namespace Instrumentator;

/// <summary>The escaping of names with characters other than letters, digits, <c>_</c> and <c>:</c>. A reader requests
/// it by <c>escaping=</c> in its <c>Accept</c> header.</summary>
/// <remarks>See https://prometheus.io/docs/instrumenting/escaping_schemes/. Other names are unchanged.</remarks>
public enum NameEscaping
{
    /// <summary>Each such character becomes <c>_</c>. The default for readers that request no escaping.</summary>
    Underscores,

    /// <summary>A dot becomes <c>_dot_</c>; any other such character, and each <c>_</c> in such a name, becomes
    /// <c>__</c>.</summary>
    Dots,

    /// <summary>The name starts with <c>U__</c>, and each such character becomes its code point in hexadecimal between
    /// two <c>_</c>; each <c>_</c> in such a name becomes <c>__</c>.</summary>
    Values,

    /// <summary>Names are unchanged; text formats quote them.</summary>
    AllowUtf8,
}
