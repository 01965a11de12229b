namespace Instrumentator;

/// <summary>The status of a request whose client disconnects before it gets a response.</summary>
public enum ClientAborts
{
    /// <summary>The status is 499, as in nginx, and <c>4xx</c> when statuses are grouped.</summary>
    Status499,

    /// <summary>The status is 499, and stays a label of its own when statuses are grouped: the abort is an error of
    /// neither the server nor the request.</summary>
    OwnGroup,

    /// <summary>The status is that of the app's response, or 500 after an exception, as for any other
    /// request.</summary>
    AsAnswered,
}
