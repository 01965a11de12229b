namespace Instrumentator;

/// <summary>What becomes of a request whose client hung up before it got an answer.</summary>
public enum ClientAborts
{
    /// <summary>Its status is 499, as nginx has it, and where statuses are grouped it is in <c>4xx</c>.</summary>
    Status499,

    /// <summary>Its status is 499, and this is a status label of its own where statuses are grouped, too: neither an error of the server nor of the request.</summary>
    OwnGroup,

    /// <summary>Its status is what the app answered, or 500 where it answered by an exception, as of any other request.</summary>
    AsAnswered,
}
