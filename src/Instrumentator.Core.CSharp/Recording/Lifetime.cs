namespace Instrumentator;

/// <summary>What tells whether requests of a route are long-lived.</summary>
internal enum Lifetime
{
    /// <summary>Their responses.</summary>
    ByResponse,

    /// <summary>The route: none is.</summary>
    Short,

    /// <summary>The route: all are.</summary>
    Long,

    /// <summary>Their methods: GET and CONNECT open a connection or wait for messages of one, others send.</summary>
    ByMethod,
}
