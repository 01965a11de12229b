namespace Instrumentator;

/// <summary>What tells whether requests of a route are long-lived.</summary>
internal enum Lifetime
{
    /// <summary>Their responses tell.</summary>
    ByResponse,

    /// <summary>None is long-lived.</summary>
    Short,

    /// <summary>All are long-lived.</summary>
    Long,

    /// <summary>Their methods tell: GET and CONNECT open a connection or wait for its messages, and others send
    /// messages.</summary>
    ByMethod,
}
